// SPDX-License-Identifier: Apache-2.0
// One engine of the comparison: this library, kept loaded. Reads lines with photos separated by
// tabs from standard input, and answers each with the predictions as one line of JSON:
//
//     versus_worker MODEL COUNTRY THREADS [PRECISION]
#include "speciesnet/json.hpp"
#include "speciesnet/speciesnet.hpp"

#include <exception>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

int main(int count, char** values) {
    try {
        if (count != 4 && count != 5) {
            throw speciesnet::InvalidArgument(
                "usage: versus_worker MODEL COUNTRY THREADS [PRECISION]");
        }
        const auto ensemble = speciesnet::Ensemble::load(
            values[1],
            {.threads = std::stoi(values[3]),
             .precision = speciesnet::precision_from_name(count == 5 ? values[4] : "fp32")});
        for (std::string line; std::getline(std::cin, line);) {
            std::vector<speciesnet::Instance> photos;
            std::istringstream names(line);
            for (std::string name; std::getline(names, name, '\t');) {
                photos.push_back({.filepath = name, .location = {.country = values[2]}});
            }
            std::cout << speciesnet::to_json(ensemble.predict(photos), {.indent = 0}) << std::endl;
        }
    } catch (const std::exception& error) {
        std::cerr << "versus_worker: " << error.what() << '\n';
        return 1;
    }
    return 0;
}
