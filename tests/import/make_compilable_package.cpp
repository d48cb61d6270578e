// make_compilable_package MODEL FOLDER: copies the demonstration model, with networks that can be
// compiled. For tests of the programs.
#include "compilable_package.hpp"

#include <exception>
#include <filesystem>
#include <iostream>

int main(int argc, char** argv) {
    if (argc != 3) {
        std::cerr << "usage: make_compilable_package MODEL FOLDER\n";
        return 2;
    }
    try {
        std::filesystem::copy(argv[1], argv[2], std::filesystem::copy_options::recursive);
        speciesnet::make_compilable(argv[2]);
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
    return 0;
}
