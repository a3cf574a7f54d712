using Relay.Server.Repository;
using Relay.Server.Repository.GarbageCollection;
using Relay.TestKit.Trust;
using Shared.Platform.Files;

namespace Relay.Server.Tests.Repository;

/// <summary>A change that waits for another says so: to the log of a relay, or on the terminal of a command.</summary>
public sealed class RepositoryLockTests
{
    [Fact]
    public async Task BeginAsync_AnotherChangeIsInProgress_SaysThatItWaits()
    {
        using TestRepository repository = await TestRepository.CreateAsync();
        (LockWait wait, Task said) = WaitThatSpeaks();
        TufRepository waiting = new(repository.RepositoryPath, repository.Keys, repository.Clock) { LockWait = wait };
        Task<RepositoryTransaction> second;
        using (await repository.Repository.BeginAsync(CancellationToken.None))
        {
            second = waiting.BeginAsync(CancellationToken.None);
            await said.WaitAsync(TimeSpan.FromSeconds(30));
        }

        (await second).Dispose();
    }

    [Fact]
    public async Task RunAsync_AChangeIsInProgress_GarbageCollectionSaysThatItWaits()
    {
        using TestRepository repository = await TestRepository.CreateAsync();
        (LockWait wait, Task said) = WaitThatSpeaks();
        Task<GarbageCollectionResult> collection;
        using (await repository.Repository.BeginAsync(CancellationToken.None))
        {
            collection = new GarbageCollector(repository.RepositoryPath, repository.Clock, new DurableFiles(), wait).RunAsync(
                dryRun: true, CancellationToken.None);
            await said.WaitAsync(TimeSpan.FromSeconds(30));
        }

        await collection;
    }

    private static (LockWait Wait, Task Said) WaitThatSpeaks()
    {
        TaskCompletionSource said = new();
        return (new() { ReportAfter = TimeSpan.FromMilliseconds(1), Report = _ => said.TrySetResult() }, said.Task);
    }
}
