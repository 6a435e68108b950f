//! Embeds a new site when there is one.

fn main() {
    println!("cargo:rerun-if-changed=../target/site");
}
