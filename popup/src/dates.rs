//! Dates as people read them, by `Intl`: relative for seven days, then the day; exact in titles.

use js_sys::{Array, Date, Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::t;

const MINUTE: f64 = 60_000.0;
const HOUR: f64 = 60.0 * MINUTE;
const DAY: f64 = 24.0 * HOUR;

/// "3 minutes ago", "yesterday", or the day.
pub fn relative(time: u64) -> String {
    let ago = Date::now() - time as f64;
    let (count, unit) = match ago {
        ago if ago < MINUTE => return t!("just-now"),
        ago if ago < HOUR => (ago / MINUTE, "minute"),
        ago if ago < DAY => (ago / HOUR, "hour"),
        ago if ago < 7.0 * DAY => (ago / DAY, "day"),
        _ => return day(time),
    };
    let options = object(&[("numeric", "auto")]);
    let format = js_sys::Intl::RelativeTimeFormat::new(&Array::new(), &options);
    format.format(-count.floor(), unit).into()
}

/// The day.
pub fn day(time: u64) -> String {
    format(time, &[("dateStyle", "medium")])
}

/// The last second of a day as `<input type="date">` tells it, here, in Unix seconds.
pub fn end_of_day(date: &str) -> Option<u64> {
    let end = Date::parse(&format!("{date}T23:59:59"));
    (end.is_finite() && end > 0.0).then_some((end / 1_000.0) as u64)
}

/// The day so many days from today, as `<input type="date">` takes it.
pub fn in_days(days: u32) -> String {
    let date = Date::new_0();
    date.set_date(date.get_date() + days);
    format!("{:04}-{:02}-{:02}", date.get_full_year(), date.get_month() + 1, date.get_date())
}

/// Day and time.
pub fn exact(time: u64) -> String {
    format(time, &[("dateStyle", "long"), ("timeStyle", "medium")])
}

fn format(time: u64, options: &[(&str, &str)]) -> String {
    let format = js_sys::Intl::DateTimeFormat::new(&Array::new(), &object(options));
    let function: Function = format.format();
    let date = Date::new(&JsValue::from_f64(time as f64));
    function
        .call1(&JsValue::UNDEFINED, &date)
        .ok()
        .and_then(|text| text.dyn_into::<js_sys::JsString>().ok())
        .map(String::from)
        .unwrap_or_default()
}

fn object(values: &[(&str, &str)]) -> Object {
    let object = Object::new();
    for (key, value) in values {
        let _ = Reflect::set(&object, &(*key).into(), &(*value).into());
    }
    object
}
