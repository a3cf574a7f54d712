using System.Globalization;
using Relay.Server.Cli.Local;
using Relay.Training;
using Relay.Training.Mpi;
using Shared.Contracts;

namespace Relay.Server.Cli.Mpi;

/// <summary>One process of a training run under mpirun. Rank 0 writes the model and prints the progress.</summary>
internal static class MpiRank
{
    /// <param name="target">The files that receive the model and its card.</param>
    /// <returns>The exit code.</returns>
    public static int Run(TrainingJob job, ModelFiles target, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        MpiShardGroup shards = MpiShardGroup.Join();
        try
        {
            bool first = shards.Rank == 0;
            TrainedModel model = TrainingPipeline.CreateDefault().Run(
                job with { Shards = shards }, first ? new StageLines(output) : null, cancellationToken);
            if (first)
            {
                target.Write(model);
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{model.Card.Name}: {model.Card.SizeBytes} bytes, sha256 {model.Card.Sha256}, trained by {shards.Size} processes"));
            }

            foreach (string line in first ? GateText.Describe(model.Card.Gates ?? []) : [])
            {
                output.WriteLine(line);
            }

            shards.Dispose();
            return 0;
        }
        catch (Exception e)
        {
            error.WriteLine(
                DisplayText.Format($"relay: rank {shards.Rank} of {shards.Size} on {Environment.MachineName} failed and ends the run: {e.Message}"));
            error.Flush();
            shards.Abort();
            throw;
        }
    }

    /// <summary>Prints a line when a stage begins, and one every tenth round.</summary>
    private sealed class StageLines(TextWriter output) : IProgress<TrainingProgress>
    {
        private string _stage = "";

        public void Report(TrainingProgress value)
        {
            lock (output)
            {
                if (value.Stage != _stage || (_stage == "fit" && value.Done % 10 == 0))
                {
                    _stage = value.Stage;
                    output.WriteLine(value.Total is { } total ? $"{_stage} {value.Done}/{total}" : _stage);
                }
            }
        }
    }
}
