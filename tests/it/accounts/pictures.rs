//! Profile pictures: uploaded, shown, replaced and deleted with their files.

use super::*;
use crate::support::{on_both, operations, upload};

const UPLOAD: &str = "mutation($picture: Upload!) {
  uploadProfilePicture(input: { picture: $picture }) { viewer { image } }
}";
const UPDATE: &str =
    "mutation($input: UpdateProfileInput!) { updateProfile(input: $input) { viewer { image } } }";

/// A GIF of this size without its pixels.
fn gif(width: u16, height: u16) -> Vec<u8> {
    [b"GIF89a".as_slice(), &width.to_le_bytes(), &height.to_le_bytes(), &[0, 0, 0, 0x3b]].concat()
}

async fn send(who: &Caller, picture: Vec<u8>, key: Option<&str>) -> Answer {
    let form = operations(UPLOAD, json!({ "picture": null }), &[("variables.picture", picture)]);
    let request = key.into_iter().fold(upload(who), |request, key| request.header("idempotency-key", key));
    who.send(request.multipart(form)).await
}

/// Uploads a picture and returns its path on the server.
async fn set(who: &Caller, picture: Vec<u8>) -> String {
    text(&ok(send(who, picture, None).await)["data"]["uploadProfilePicture"]["viewer"]["image"])
}

async fn update(who: &Caller, input: Value) -> Value {
    ok(who.graphql(UPDATE, json!({ "input": input })).await)["data"]["updateProfile"]["viewer"]["image"]
        .clone()
}

async fn status(server: &Server, path: &str) -> u16 {
    server.anon().get(path).await.status
}

on_both! {
    async fn pictures_are_shown_and_go_with_their_last_use(server: Server) {
        let (ann, bob) = (server.member("Ann").await, server.member("Bob").await);
        let first = set(&ann, gif(64, 64)).await;
        assert!(first.starts_with("/uploads/pictures/") && first.ends_with(".gif"), "{first}");
        let file = server.anon().get(&first).await;
        assert_eq!((file.status, &file.headers["content-type"]), (200, &"image/gif".parse().expect("a value")));
        let seen = bob.graphql("query($id: ID!) { user(id: $id) { image } }", json!({ "id": ann.id })).await;
        assert_eq!(ok(seen)["data"]["user"]["image"], first);

        // A client that sends back what it read changes nothing.
        assert_eq!(update(&ann, json!({ "name": "Anna", "image": first })).await, first);
        let foreign = bob.graphql(UPDATE, json!({ "input": { "image": first } })).await;
        assert_eq!(code(&foreign), "INVALID", "{}", foreign.text);
        assert_eq!(status(&server, &first).await, 200);

        let second = set(&ann, gif(1, 2048)).await;
        assert_eq!((status(&server, &first).await, status(&server, &second).await), (404, 200));
        assert_eq!(update(&ann, json!({ "image": null })).await, Value::Null);
        assert_eq!(status(&server, &second).await, 404);

        let third = set(&ann, gif(1, 1)).await;
        let elsewhere = "https://pictures.example/ann.png";
        assert_eq!(update(&ann, json!({ "image": elsewhere })).await, elsewhere);
        assert_eq!(status(&server, &third).await, 404);

        let last = set(&ann, gif(1, 1)).await;
        let delete = "mutation($p: String!) { deleteAccount(input: { password: $p }) { deletedId } }";
        ok(ann.graphql(delete, json!({ "p": PASSWORD })).await);
        assert_eq!(status(&server, &last).await, 404);
    }

    async fn a_retry_keeps_the_first_picture(server: Server) {
        let ann = server.member("Ann").await;
        let first = ok(send(&ann, gif(8, 8), Some("picture-1")).await);
        let again = ok(send(&ann, gif(8, 8), Some("picture-1")).await);
        assert_eq!(first["data"], again["data"]);
        let path = text(&first["data"]["uploadProfilePicture"]["viewer"]["image"]);
        assert_eq!(status(&server, &path).await, 200);
    }

    async fn an_invalid_picture_is_refused(server: Server) {
        let ann = server.member("Ann").await;
        let large = [gif(8, 8), vec![0; 1024 * 1024]].concat();
        for (picture, message) in [
            (large, "picture must be at most 1 MiB"),
            (gif(2049, 8), "picture must be 1 to 2048 pixels wide and high"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), "picture must be a PNG, JPEG, GIF or WebP file"),
            (Vec::new(), "picture must be a PNG, JPEG, GIF or WebP file"),
        ] {
            let refused = send(&ann, picture, None).await;
            assert_eq!(refused.names_invalid("picture"), message);
        }
        let stranger = send(&server.anon(), gif(8, 8), None).await;
        assert_eq!(code(&stranger), "UNAUTHENTICATED", "{}", stranger.text);
        assert_eq!(ok(ann.graphql("{ viewer { image } }", Value::Null).await)["data"]["viewer"]["image"], Value::Null);
    }
}
