/* SPDX-License-Identifier: Apache-2.0 */
#include <speciesnet.h>
#include <stdio.h>

int main(void) {
    return puts(speciesnet_version()) < 0;
}
