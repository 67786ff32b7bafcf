//! What three people type in a session in which they share: nothing of it is in the server's folder, its log,
//! the mails or the traffic.

use mysafe::model::ApiSecretForm;
use mysafe::model::Pending;
use mysafe::protocol::bodies::Permission;
use mysafe_tests::recorder::Recorder;
use mysafe_tests::scan::{Haystack, Planted, find_planted, find_planted_in_folder};
use mysafe_tests::smtp_receiver::SmtpReceiver;

use super::*;

/// Values that occur nowhere by chance.
#[derive(Default)]
struct Typed(Vec<Planted>);

impl Typed {
    fn value(&mut self, what: &str) -> String {
        let number = self.0.len();
        let value = format!("planted{number:02}{}", ["Quetzal", "Zephyr", "Okapi"][number % 3]);
        self.0.push(Planted::new(what, &value));
        value
    }

    /// A form with a planted value in each field.
    fn form(&mut self) -> ApiSecretForm {
        // As it is kept.
        let host = self.value("url").to_lowercase();
        self.0.last_mut().expect("just made").value.clone_from(&host);
        ApiSecretForm {
            name: self.value("name"),
            url: format!("https://{host}.example"),
            client_id: self.value("client ID"),
            client_secret: self.value("client secret").into(),
            identifier: self.value("identifier"),
            tags: vec![self.value("tag"), self.value("another tag")],
            notes: self.value("notes"),
            ..Default::default()
        }
    }
}

#[test]
fn nothing_that_three_people_type_is_at_the_server_in_mails_or_in_traffic() {
    let smtp = SmtpReceiver::start();
    let settings = smtp.settings();
    let settings: Vec<(&str, &str)> =
        settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut stage = Stage::with(&settings);
    let recorder = Recorder::start(stage.at.parse().expect("an address"));
    stage.at = recorder.address().to_string();
    let mut typed = Typed::default();
    for person in [ANA, BEA, CHO] {
        typed.0.push(Planted::new("master password", person.password));
        let mut again = Device::new(&stage.at, &person);
        assert_eq!(again.sync(&stage.at), nothing());
    }
    stage.confirm(&BEA);
    stage.confirm(&CHO);
    let at = stage.at.clone();

    // Ana shares one with both; all of it is edited, copied, taken back and left.
    let (shared, own) = (typed.form(), typed.form());
    let (item, _) = (stage.ana.add_form(&shared), stage.ana.add_form(&own));
    let (beas, chos) = (typed.form(), typed.form());
    stage.bea.add_form(&beas);
    stage.cho.add_form(&chos);
    for device in [&mut stage.ana, &mut stage.bea, &mut stage.cho] {
        assert_eq!(device.sync(&at), nothing());
    }
    let with = [stage.edit(), stage.view()];
    for (share, person) in with.iter().zip([&BEA, &CHO]) {
        let user = share.user;
        stage.ana.with(&at, |sync| finish(sync.pin(&user, person.address))).unwrap().unwrap();
    }
    stage.share(&item, &with).expect("shared");
    let mails = [smtp.next(), smtp.next()];
    let pending = Pending {
        item,
        address: "dan@example.com".into(),
        permission: Permission::View,
        until: None,
    };
    stage.ana.with(&at, |sync| finish(sync.invite(&pending))).unwrap().unwrap();
    let owner = stage.ana.vault.user();
    for device in [&mut stage.bea, &mut stage.cho] {
        assert_eq!(device.sync(&at), nothing());
        device.with(&at, |sync| finish(sync.pin(&owner, ANA.address))).unwrap().unwrap();
    }
    let [notes, name, secret, own_name, further] =
        ["edited notes", "edited name", "rotated secret", "name of a copy", "further address"]
            .map(|what| typed.value(what));
    stage.bea.edit(&item, |form| form.notes = notes);
    stage.ana.rename(&item, &name);
    let further = format!("https://example.com/{further}");
    let local = stage.ana.local(&item);
    let change = stage.ana.vault.add_address(&item, &further, &local, 3, &mut SystemRandom);
    stage.ana.store(change.expect("added").puts);
    for device in [&mut stage.bea, &mut stage.ana, &mut stage.cho] {
        assert_eq!(device.sync(&at), nothing());
    }
    let local = stage.cho.local(&item);
    let copy = stage.cho.vault.copy(&item, &local, 4, &mut SystemRandom).expect("copied");
    stage.cho.store(copy.puts);
    stage.cho.rename(&copy.item, &own_name);
    assert_eq!(stage.cho.sync(&at), nothing());
    let user = stage.bea.vault.user();
    stage.revoke(&item, user);
    let exposed = stage.ana.with(&at, |sync| finish(sync.exposed(&item, &[user])));
    assert!(!exposed.unwrap().unwrap()[0].rotated);
    stage.ana.with(&at, |sync| finish(sync.remind(&item, Some(9)))).unwrap().unwrap();
    stage.ana.edit(&item, |form| *form.client_secret = secret);
    assert_eq!(stage.ana.sync(&at), nothing());
    let exposed = stage.ana.with(&at, |sync| finish(sync.exposed(&item, &[user])));
    assert!(exposed.unwrap().unwrap()[0].rotated);
    assert_eq!(stage.ana.vault.reminder(&item), None);
    stage.cho.with(&at, |sync| finish(sync.leave(&item))).unwrap().unwrap();
    assert_eq!(stage.bea.sync(&at), [ACCESS_ENDED]);
    assert_eq!(stage.ana.sync(&at), nothing());

    assert_eq!(typed.0.len(), 40);
    // Addresses are the server's to know: the search finds them.
    let known = [Planted::new("address", BEA.address)];
    let streams: Vec<Haystack> = recorder
        .streams()
        .into_iter()
        .map(|bytes| Haystack { place: "traffic".into(), bytes })
        .chain(mails.map(|mail| Haystack { place: "mail".into(), bytes: mail.into_bytes() }))
        .collect();
    assert!(streams.len() > 20 && !find_planted(&known, &streams).is_empty());
    assert_eq!(find_planted(&typed.0, &streams), []);
    let folder = stage.data.parent().expect("it has one").to_owned();
    assert!(!find_planted_in_folder(&known, &folder).is_empty());
    assert_eq!(find_planted_in_folder(&typed.0, &folder), []);
}
