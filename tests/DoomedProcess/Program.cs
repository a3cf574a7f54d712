using System.Globalization;
using DoomedProcess;
using Relay.TestKit;

// node      UNIX_SECONDS STEP RELAY TLS_ROOT TRUSTED_ROOT STORE MODEL   one refresh
// hold      the same                                                   opens the store, says so and waits for the end of its input
// publish   UNIX_SECONDS STEP KEYS REPOSITORY MODEL VERSION             one publication
// import    UNIX_SECONDS STEP KEYS CEREMONY                             the first start with the online half of a ceremony
// rotate    UNIX_SECONDS STEP KEYS REPOSITORY ROLE                      new keys for a role
// train     UNIX_SECONDS STEP SPEC ROWS CHECKPOINT                      a training run, whose rounds count as steps
// Killed before file operation STEP; ends with 0 when there are fewer.
TimeProvider clock = new TestClock(DateTimeOffset.FromUnixTimeSeconds(long.Parse(args[1], CultureInfo.InvariantCulture)));
Doom doom = new(int.Parse(args[2], CultureInfo.InvariantCulture));
return args[0] switch
{
    "node" => await DoomedNode.RefreshAsync(clock, doom, args[3..]),
    "hold" => DoomedNode.Hold(clock, doom, args[3..]),
    "publish" => await DoomedPublisher.PublishAsync(clock, doom, args[3..]),
    "import" => await DoomedPublisher.ImportAsync(clock, doom, args[3..]),
    "rotate" => await DoomedRotation.RotateAsync(clock, doom, args[3..]),
    "train" => DoomedTraining.Run(doom, args[3..]),
    _ => 2,
};
