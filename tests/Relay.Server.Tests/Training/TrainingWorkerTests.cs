using System.Data.Common;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Relay.Server.Training;
using Relay.TestKit;
using Relay.TestKit.Databases;
using Shared.Contracts.Api;
using Shared.Platform.Threads;

namespace Relay.Server.Tests.Training;

public sealed class TrainingWorkerTests
{
    [Fact]
    public async Task Run_OnLinux_WorksOnAllProcessorsBelowThePriorityOfTheOtherThreads()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "other systems know priorities of .NET");
        await using TestRelay relay = await TestRelay.StartAsync();
        TrainingRun run = await relay.StartTrainingAsync(SmallModel.SlowSpec(), SmallModel.LargeData);
        await relay.WaitForRunAsync(run.Id, r => r.Stage == "fit");

        await Eventually.TrueAsync(
            () => TrainingThreads().Count(thread => thread.CpuTicks > 0) >= Environment.ProcessorCount, "a thread per processor has trained");

        int expected = Math.Min(19, ThreadLine.Read("/proc/self").Niceness + BackgroundThread.Niceness);
        Assert.All(TrainingThreads(), thread => Assert.Equal(expected, thread.Niceness));
    }

    [Fact]
    public async Task Run_WhoseClaimTheDatabaseAnsweredWithAnError_IsRunAllTheSame()
    {
        Assert.SkipWhen(TestDatabases.IsPostgres, TestSql.OfSqlite);
        TestLoggerProvider log = new();
        await using TestRelay relay = await TestRelay.StartAsync(options => options with
        {
            MoreServices = services => services.AddLogging(logging => logging.AddProvider(log)),
        });
        using DbConnection connection = relay.OpenDatabase();
        connection.Execute(
            """
            CREATE TRIGGER faulty AFTER UPDATE OF state ON training_runs WHEN new.state = 'running'
            BEGIN SELECT RAISE(FAIL, 'a fault of the disk'); END
            """);

        TrainingRun run = await relay.StartTrainingAsync(SmallModel.Spec(), SmallModel.Data);
        await Eventually.TrueAsync(() => log.Entries.Any(entry => entry.EventId == 1210), "the claim has failed");
        connection.Execute("DROP TRIGGER faulty");

        run = await relay.WaitForRunAsync(run.Id, r => r.IsFinished);
        Assert.Equal(TrainingRunState.Succeeded, run.State);
    }

    private static IEnumerable<ThreadLine> TrainingThreads() => Directory.GetDirectories("/proc/self/task")
        .Select(ThreadLine.Read)
        .Where(thread => thread.Name == TrainingWorker.ThreadName && thread.CpuTicks > 0);

    /// <summary>What Linux says of a thread.</summary>
    private sealed record ThreadLine(string Name, int CpuTicks, int Niceness)
    {
        public static ThreadLine Read(string folder)
        {
            string line;
            try
            {
                line = File.ReadAllText(folder + "/stat");
            }
            catch (IOException)
            {
                // The thread has ended since.
                return new("", 0, 0);
            }

            // The name stands in brackets and may hold spaces; fields are counted from the one after it, which is the third.
            string[] fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
            return new(line[(line.IndexOf('(') + 1)..line.LastIndexOf(')')], int.Parse(fields[14 - 3]), int.Parse(fields[19 - 3]));
        }
    }
}
