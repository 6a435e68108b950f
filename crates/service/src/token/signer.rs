//! Signs and verifies tokens. The key id is that of libtrust, which `distribution` looks up. Source: `harbor.md` §3.

use aws_lc_rs::{
    encoding::{AsDer, PublicKeyX509Der},
    rsa,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use data_encoding::{BASE32, BASE64URL_NOPAD};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use types::scope::Access;

use super::{ISSUER, SERVICE};
use crate::{Error, SigningAlgorithm, keys::SigningKey};

/// What a token is for; each purpose has its own audience, so that one never passes for the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Access,
    Refresh,
}

impl Purpose {
    pub(crate) fn audience(self) -> &'static str {
        match self {
            Self::Access => SERVICE,
            Self::Refresh => "berth-refresh",
        }
    }
}

/// The claims of a token; times in seconds since the epoch.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Claims {
    pub(crate) iss: String,
    pub(crate) sub: String,
    pub(crate) aud: String,
    pub(crate) exp: i64,
    pub(crate) nbf: i64,
    pub(crate) iat: i64,
    pub(crate) jti: String,
    #[serde(default)]
    pub(crate) access: Vec<Access>,
    /// The user's id; 0 for nobody.
    pub(crate) uid: i64,
    /// The version of the user's credentials, or of the robot's secret.
    pub(crate) ver: i32,
    /// The robot's id; 0 for none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) robot: i64,
    /// The id of the user's access token; 0 for none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) pat: i64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands the field over by reference")]
const fn is_zero(number: &i64) -> bool {
    *number == 0
}

/// Signs with the key of the data folder.
pub(crate) struct Signer {
    header: Header,
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    key_set: serde_json::Value,
}

impl Signer {
    pub(crate) fn new(key: &SigningKey) -> Result<Self, Error> {
        let der = pem::parse(&key.pem).map_err(Error::internal)?.into_contents();
        let (algorithm, encoding, public_der, mut jwk) = match key.algorithm {
            SigningAlgorithm::Es256 => {
                let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der)
                    .map_err(Error::internal)?;
                let encoding = EncodingKey::from_ec_pem(key.pem.as_bytes()).map_err(Error::internal)?;
                (
                    Algorithm::ES256,
                    encoding,
                    public_der(pair.public_key())?,
                    ec_jwk(pair.public_key().as_ref())?,
                )
            }
            SigningAlgorithm::Rs256 => {
                let pair = rsa::KeyPair::from_pkcs8(&der).map_err(Error::internal)?;
                let encoding = EncodingKey::from_rsa_pem(key.pem.as_bytes()).map_err(Error::internal)?;
                (Algorithm::RS256, encoding, public_der(pair.public_key())?, rsa_jwk(pair.public_key()))
            }
        };
        let kid = key_id(&public_der);
        for (name, value) in [("kid", kid.as_str()), ("use", "sig"), ("alg", name_of(key.algorithm))] {
            jwk[name] = value.into();
        }
        let public: jsonwebtoken::jwk::Jwk = serde_json::from_value(jwk.clone()).map_err(Error::internal)?;
        let mut header = Header::new(algorithm);
        header.kid = Some(kid);
        Ok(Self {
            header,
            encoding,
            decoding: DecodingKey::from_jwk(&public).map_err(Error::internal)?,
            validation: validation(algorithm),
            key_set: serde_json::json!({ "keys": [jwk] }),
        })
    }

    pub(crate) fn sign(&self, claims: &Claims) -> Result<String, Error> {
        jsonwebtoken::encode(&self.header, claims, &self.encoding).map_err(Error::internal)
    }

    /// The claims of a token that this key signed; its times are checked by the caller, against the time of the request.
    pub(crate) fn verify(&self, token: &str) -> Option<Claims> {
        jsonwebtoken::decode::<Claims>(token, &self.decoding, &self.validation).ok().map(|token| token.claims)
    }

    pub(crate) fn key_set(&self) -> &serde_json::Value {
        &self.key_set
    }
}

fn validation(algorithm: Algorithm) -> Validation {
    let mut validation = Validation::new(algorithm);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[Purpose::Access.audience(), Purpose::Refresh.audience()]);
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
    validation
}

fn name_of(algorithm: SigningAlgorithm) -> &'static str {
    match algorithm {
        SigningAlgorithm::Es256 => "ES256",
        SigningAlgorithm::Rs256 => "RS256",
    }
}

fn public_der(key: &impl AsDer<PublicKeyX509Der<'static>>) -> Result<Vec<u8>, Error> {
    Ok(key.as_der().map_err(Error::internal)?.as_ref().to_vec())
}

/// The first 30 bytes of the SHA-256 of the public key, in base32, in groups of four joined by colons.
fn key_id(public_der: &[u8]) -> String {
    let digest = Sha256::digest(public_der);
    let text = BASE32.encode(digest.get(..30).unwrap_or_default());
    let mut id = String::with_capacity(59);
    for (position, character) in text.chars().enumerate() {
        if position > 0 && position.is_multiple_of(4) {
            id.push(':');
        }
        id.push(character);
    }
    id
}

/// A point of P-256 is `04`, then x and y of 32 bytes each.
fn ec_jwk(point: &[u8]) -> Result<serde_json::Value, Error> {
    let (Some(x), Some(y)) = (point.get(1..33), point.get(33..65)) else {
        return Err(Error::internal(std::io::Error::other("the signing key is not on P-256")));
    };
    Ok(serde_json::json!({
        "kty": "EC", "crv": "P-256", "x": BASE64URL_NOPAD.encode(x), "y": BASE64URL_NOPAD.encode(y),
    }))
}

fn rsa_jwk(key: &rsa::PublicKey) -> serde_json::Value {
    serde_json::json!({
        "kty": "RSA",
        "n": BASE64URL_NOPAD.encode(key.modulus().big_endian_without_leading_zero()),
        "e": BASE64URL_NOPAD.encode(key.exponent().big_endian_without_leading_zero()),
    })
}
