using Shared.Platform.Timing;

namespace Shared.Platform.Tests.Timing;

public sealed class PeriodicCheckTests
{
    [Fact]
    public async Task RunAsync_CheckThatFails_IsReportedAndCheckedAgain()
    {
        using CancellationTokenSource stop = new();
        List<Exception> reported = [];
        InvalidDataException failure = new();
        int checks = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => PeriodicCheck.RunAsync(Check, reported.Add, TimeSpan.FromMilliseconds(1), TimeProvider.System, stop.Token));

        Assert.Equal([failure], reported);
        Assert.Equal(2, checks);

        void Check()
        {
            if (++checks == 1)
            {
                throw failure;
            }

            stop.Cancel();
        }
    }

    [Fact]
    public async Task RunAsync_CheckThatTheEndInterrupts_IsNotReported()
    {
        using CancellationTokenSource stop = new();
        List<Exception> reported = [];

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => PeriodicCheck.RunAsync(Check, reported.Add, TimeSpan.FromMilliseconds(1), TimeProvider.System, stop.Token));

        Assert.Empty(reported);

        void Check()
        {
            stop.Cancel();
            stop.Token.ThrowIfCancellationRequested();
        }
    }
}
