mod decrypt;
mod encrypt;
mod inspect;
mod keys;
mod nested;
