using System.Globalization;
using DoomedProcess;

// node      UNIX_SECONDS STEP RELAY TLS_ROOT TRUSTED_ROOT STORE MODEL   one refresh
// hold      the same                                                   opens the store, says so and waits for the end of its input
// publish   UNIX_SECONDS STEP KEYS REPOSITORY MODEL VERSION             one publication
// import    UNIX_SECONDS STEP KEYS CEREMONY                             the first start with the online half of a ceremony
// rotate    UNIX_SECONDS STEP KEYS REPOSITORY ROLE                      new keys for a role
// train     UNIX_SECONDS STEP SPEC ROWS CHECKPOINT                      a training run, whose rounds count as steps
// Killed at file operation STEP, or at rename N where STEP is rename:N; ends with 0 when there are fewer.
DateTimeOffset now = DateTimeOffset.FromUnixTimeSeconds(long.Parse(args[1], CultureInfo.InvariantCulture));
return await DoomedCommands.RunAsync(args[0], now, Doom.Parse(args[2]).Step, args[3..]);
