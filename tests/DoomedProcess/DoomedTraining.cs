using Relay.Training;
using Relay.Training.Engines.Common.Checkpoints;
using Shared.Contracts.Models;
using Shared.Platform.Files;

namespace DoomedProcess;

/// <summary>A training run that keeps its checkpoint after every round.</summary>
internal static class DoomedTraining
{
    public static int Run(Action<FileStep> step, string[] settings)
    {
        ModelSpec spec = ModelSpecParser.Parse(File.ReadAllBytes(settings[0]));
        TrainingJob job = new(spec, 1, new DataOrigin.Files(settings[1], null))
        {
            Checkpoint = new TrainingCheckpoint(settings[2]) { Interval = TimeSpan.Zero },
        };
        TrainingPipeline.CreateDefault().Run(job, new Rounds(step));
        return 0;
    }

    private sealed class Rounds(Action<FileStep> step) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Stage == "fit")
            {
                step(default);
            }
        }
    }
}
