namespace Relay.Server.Training.Records;

/// <summary>Opens the record of each run that this process takes.</summary>
internal sealed class RunRecords(RunFiles files, TrainingRunFeed feed, TimeProvider timeProvider, ILogger<RunRecord> logger)
{
    public RunRecord Open(ClaimedRun run)
    {
        RunRecord record = new(run, files, feed, timeProvider, logger);
        record.Begin();
        return record;
    }
}
