// SPDX-License-Identifier: Apache-2.0
// The number of threads.
#include "system/threads.hpp"

#include "temporary_folder.hpp"

#include <filesystem>

#include <doctest/doctest.h>

using namespace speciesnet;

TEST_CASE("the CPU limits of a control group and its parents apply, rounded up") {
    const TemporaryFolder root;
    std::filesystem::create_directories(std::filesystem::path(root.path()) / "pod/app");
    CHECK_FALSE(control_group_cpus("0::/pod/app\n", root.path()));
    root.write("pod/app/cpu.max", "max 100000\n");
    CHECK_FALSE(control_group_cpus("0::/pod/app\n", root.path()));
    root.write("pod/app/cpu.max", "350000 100000\n");
    CHECK(control_group_cpus("0::/pod/app\n", root.path()) == 4);
    root.write("pod/cpu.max", "50000 100000\n");
    CHECK(control_group_cpus("0::/pod/app\n", root.path()) == 1);
    CHECK(control_group_cpus("0::/\n", root.path()) == std::nullopt);
}

TEST_CASE("in a container with the host's path of its control group, the root applies") {
    const TemporaryFolder root;
    root.write("cpu.max", "200000 100000");
    CHECK(control_group_cpus("0::/system.slice/of/the/host\n", root.path()) == 2);
}

TEST_CASE("control groups of version 1 are supported") {
    const TemporaryFolder root;
    std::filesystem::create_directories(std::filesystem::path(root.path()) / "cpu/docker");
    root.write("cpu/docker/cpu.cfs_quota_us", "150000\n");
    root.write("cpu/docker/cpu.cfs_period_us", "100000\n");
    const auto* const membership = "12:memory:/docker\n4:cpu,cpuacct:/docker\n";
    CHECK(control_group_cpus(membership, root.path()) == 2);
    root.write("cpu/docker/cpu.cfs_quota_us", "-1\n");
    CHECK_FALSE(control_group_cpus(membership, root.path()));
}

TEST_CASE("invalid memberships and limits are ignored") {
    const TemporaryFolder root;
    root.write("cpu.max", "many 100000");
    for (const auto* const membership : {"", "0", "0:", "::", "0::/", "x\ny\n", "0::../../..\n"}) {
        CAPTURE(membership);
        CHECK_FALSE(control_group_cpus(membership, root.path()));
    }
    root.write("cpu.max", "-5 0");
    CHECK_FALSE(control_group_cpus("0::/", root.path()));
}
