//! The feature files that are part of the program.

macro_rules! feature_files {
    ($($path:literal,)+) => {
        /// Every feature file of `features/`: its path there, and its text.
        pub const FEATURE_FILES: &[(&str, &str)] = &[
            $( (concat!("features/", $path), include_str!(concat!("../../features/", $path))), )+
        ];
    };
}

feature_files! {
    "access/access-code-update-notifications.yaml",
    "core/test-interface.yaml",
    "notifications/opportunity-attendance-updates.yaml",
}
