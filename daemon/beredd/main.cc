#include "program.h"

int main(int argc, char** argv) {
  return beredd::daemon::run_program(argc, argv, beredd::jail::honest());
}
