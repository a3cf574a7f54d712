using Relay.TestKit;
using Shared.Platform.Files;

namespace DoomedProcess;

/// <summary>What the program does, by command; tests run the same in their own process to record each file operation.</summary>
internal static class DoomedCommands
{
    /// <param name="now">The time that the clock shows.</param>
    /// <param name="step">Called at each file operation.</param>
    /// <returns>0 when the command did what it is for.</returns>
    internal static async Task<int> RunAsync(string command, DateTimeOffset now, Action<FileStep> step, string[] settings)
    {
        TimeProvider clock = new TestClock(now);
        return command switch
        {
            "node" => await DoomedNode.RefreshAsync(clock, step, settings),
            "hold" => DoomedNode.Hold(clock, step, settings),
            "publish" => await DoomedPublisher.PublishAsync(clock, step, settings),
            "import" => await DoomedPublisher.ImportAsync(clock, step, settings),
            "rotate" => await DoomedRotation.RotateAsync(clock, step, settings),
            "train" => DoomedTraining.Run(step, settings),
            _ => 2,
        };
    }
}
