using System.Net.Http.Json;
using System.Net.Sockets;
using Relay.TestKit;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Tests;

/// <summary>SIGKILL of a real process: what it acknowledged is there afterwards, and what it had begun goes on.</summary>
public sealed class KillTests
{
    private const int LastRound = 3;

    [Fact]
    public async Task Kill_InTheMiddleOfTraining_RunIsTakenUpAgain()
    {
        await using RelayProcess relay = new();
        await relay.StartAsync();
        string key = relay.AdminKey;
        TrainingRun interrupted;
        TrainingRun waiting;
        using (HttpClient admin = relay.CreateAdminClient())
        {
            interrupted = await admin.StartRunAsync(SmallModel.SlowSpec(), SmallModel.LargeData);
            waiting = await admin.StartRunAsync(SmallModel.Spec(), SmallModel.Data);
            await admin.WaitForRunAsync(interrupted.Id, r => r.Stage == "fit");
        }

        await relay.KillAsync();
        await relay.StartAsync();

        Assert.DoesNotContain(relay.Output, line => line.StartsWith("Admin key", StringComparison.Ordinal));
        Assert.Equal(key, relay.AdminKey);
        using HttpClient again = relay.CreateAdminClient();
        await again.WaitForRunAsync(interrupted.Id, r => r.Stage == "fit");
        (await again.PostAsync($"{Routes.TrainingRuns}/{interrupted.Id}/cancel", null)).EnsureSuccessStatusCode();
        TrainingRun finished = await again.WaitForRunAsync(waiting.Id, r => r.IsFinished);
        Assert.Equal(TrainingRunState.Succeeded, finished.State);
        Page<VersionView> none = (await again.GetFromJsonAsync($"{Routes.Models}/slow/versions", RelayApiJson.Default.PageVersionView))!;
        Assert.Empty(none.Items);
    }

    /// <summary>Writes of all kinds go on while the process is killed, at another moment in each round: the first ones by time, which on a slow
    /// machine may be before any answer, the last one after both kinds had an answer.</summary>
    [Fact]
    [Trait("Attack", "kill")]
    public async Task Kill_InTheMiddleOfWrites_LosesNothingThatWasAcknowledged()
    {
        await using RelayProcess relay = new();
        await relay.StartAsync();
        using (HttpClient admin = relay.CreateAdminClient())
        {
            TrainingRun run = await admin.WaitForRunAsync((await admin.StartRunAsync(SmallModel.Spec(), SmallModel.Data)).Id, r => r.IsFinished);
            Assert.Equal(TrainingRunState.Succeeded, run.State);
        }

        List<string> acknowledgedModels = [];
        Dictionary<string, int> acknowledgedChannels = [];
        for (int round = 0; round <= LastRound; round++)
        {
            using (HttpClient admin = relay.CreateAdminClient())
            {
                TaskCompletionSource publicationAcknowledged = new(TaskCreationOptions.RunContinuationsAsynchronously);
                Task start = round == LastRound ? publicationAcknowledged.Task : Task.CompletedTask;
                Task kill = KillAfterAsync(relay, start, TimeSpan.FromMilliseconds(60 + (170 * round)));
                Task models = WriteUntilKilledAsync(async i =>
                {
                    string name = $"m-{round}-{i}";
                    using HttpResponseMessage response = await admin.PostAsJsonAsync(
                        Routes.Models, SmallModel.Spec(name), ModelJson.Default.ModelSpec);
                    response.EnsureSuccessStatusCode();
                    acknowledgedModels.Add(name);
                });
                Task publications = WriteUntilKilledAsync(async i =>
                {
                    string channel = $"c-{round}-{i}";
                    ReleaseRequest request = new() { Models = [new ModelVersion(SmallModel.Name, 1)], NewChannel = true };
                    using HttpResponseMessage response = await admin.PostAsJsonAsync(
                        Routes.ReleaseOf(channel), request, RelayApiJson.Default.ReleaseRequest);
                    response.EnsureSuccessStatusCode();
                    ChannelView view = (await response.Content.ReadFromJsonAsync(RelayApiJson.Default.ChannelView))!;
                    acknowledgedChannels[channel] = view.Release;
                    publicationAcknowledged.TrySetResult();
                });
                await Task.WhenAll(kill, models, publications);
            }

            await relay.StartAsync();
            using HttpClient again = relay.CreateAdminClient();
            foreach (string name in acknowledgedModels)
            {
                using HttpResponseMessage found = await again.GetAsync($"{Routes.Models}/{name}");
                Assert.True(found.IsSuccessStatusCode, name);
            }

            Page<ChannelView> channels = (await again.GetFromJsonAsync(Routes.Channels, RelayApiJson.Default.PageChannelView))!;
            foreach ((string channel, int number) in acknowledgedChannels)
            {
                Assert.Equal(number, channels.Items.Single(c => c.Channel == channel).Release);
            }

            (await again.GetAsync("/health/ready")).EnsureSuccessStatusCode();
        }

        Assert.NotEmpty(acknowledgedModels);
        Assert.NotEmpty(acknowledgedChannels);
    }

    private static async Task KillAfterAsync(RelayProcess relay, Task start, TimeSpan delay)
    {
        try
        {
            await start.WaitAsync(TimeSpan.FromMinutes(1));
            await Task.Delay(delay);
        }
        finally
        {
            // In any case: the writes go on until then.
            await relay.KillAsync();
        }
    }

    private static async Task WriteUntilKilledAsync(Func<int, Task> write)
    {
        try
        {
            for (int i = 0; ; i++)
            {
                await write(i);
            }
        }
        catch (Exception e) when (e is HttpRequestException { StatusCode: null } or IOException or SocketException)
        {
            // The process is gone, and this write was not acknowledged. A refusal fails the test.
        }
    }
}
