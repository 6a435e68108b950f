//! Addresses below `/v2`.

use types::oci::route::{self, Route};

use super::grammar;

/// An address: what it names follows the grammars, and the address written without repeated slashes means the same.
pub fn oci_route(path: &str) {
    let Ok(route) = route::parse(path) else { return };
    assert!(route.repository().is_none_or(|name| grammar::repository(name.as_str())), "{path:?}");
    match &route {
        Route::Blob(_, digest) | Route::Referrers(_, digest) => assert!(grammar::digest(digest.as_str())),
        Route::Manifest(_, reference) => super::reference(&reference.to_string()),
        Route::Upload(_, id) => assert!(!id.is_empty() && !id.contains('/'), "{path:?}"),
        Route::Base | Route::Catalog | Route::Tags(_) | Route::Uploads(_) => {}
    }
    let written = written(&route);
    assert_eq!(route::parse(&written).as_ref(), Ok(&route), "{path:?}");
    let segments =
        |path: &str| path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(segments(&written), segments(path));
}

fn written(route: &Route) -> String {
    match route {
        Route::Base => "/".to_owned(),
        Route::Catalog => "/_catalog".to_owned(),
        Route::Tags(name) => format!("/{name}/tags/list"),
        Route::Blob(name, digest) => format!("/{name}/blobs/{digest}"),
        Route::Uploads(name) => format!("/{name}/blobs/uploads/"),
        Route::Upload(name, id) => format!("/{name}/blobs/uploads/{id}"),
        Route::Manifest(name, reference) => format!("/{name}/manifests/{reference}"),
        Route::Referrers(name, digest) => format!("/{name}/referrers/{digest}"),
    }
}
