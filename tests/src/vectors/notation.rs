//! CBOR's diagnostic notation (RFC 8949 section 8), so that a vector can be read without a decoder.

use minicbor::Decoder;
use minicbor::data::Type;
use serde_json::Value;

use super::sheet::hex;

/// Returns one value in diagnostic notation. Of CBOR it knows the kinds that this project writes.
pub(super) fn diagnostic(bytes: &[u8]) -> Result<String, String> {
    let mut decoder = Decoder::new(bytes);
    let text = value(&mut decoder)?;
    super::ensure(decoder.position() == bytes.len(), "more than one value")?;
    Ok(text)
}

fn value(decoder: &mut Decoder<'_>) -> Result<String, String> {
    let error = |error: minicbor::decode::Error| error.to_string();
    Ok(match decoder.datatype().map_err(error)? {
        Type::U8 | Type::U16 | Type::U32 | Type::U64 => decoder.u64().map_err(error)?.to_string(),
        Type::Bool => decoder.bool().map_err(error)?.to_string(),
        Type::Bytes => format!("h'{}'", hex(decoder.bytes().map_err(error)?)),
        Type::String => Value::from(decoder.str().map_err(error)?).to_string(),
        Type::Array => {
            let count = decoder.array().map_err(error)?.ok_or("an array without its length")?;
            let values: Result<Vec<_>, _> = (0..count).map(|_| value(decoder)).collect();
            format!("[{}]", values?.join(", "))
        }
        Type::Map => {
            let count = decoder.map().map_err(error)?.ok_or("a map without its length")?;
            let pairs: Result<Vec<_>, String> = (0..count)
                .map(|_| Ok(format!("{}: {}", value(decoder)?, value(decoder)?)))
                .collect();
            format!("{{{}}}", pairs?.join(", "))
        }
        other => return Err(format!("{other} is never written")),
    })
}
