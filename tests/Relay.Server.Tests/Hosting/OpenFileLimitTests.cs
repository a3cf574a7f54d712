using System.Net.Sockets;
using Relay.Server.Hosting;
using Relay.Server.Storage;
using Relay.TestKit;

namespace Relay.Server.Tests.Hosting;

public sealed class OpenFileLimitTests
{
    private const int Files = 560;

    /// <summary>What a request, the database and code that is loaded late need.</summary>
    private const int Spare = 50;

    [Theory]
    [InlineData("Max open files            1024                 524288               files     ", 1024L)]
    [InlineData("Max open files            unlimited            unlimited            files     ", null)]
    [InlineData("Max locked memory         67108864             67108864             bytes     ", null)]
    public void Read_LimitsOfAProcess_GivesTheSoftLimit(string line, long? expected) =>
        Assert.Equal(expected, OpenFileLimit.Read([line]));

    [Fact]
    public void Connections_LimitTooLow_IsRefused() => Assert.Throws<RelayStartException>(() => OpenFileLimit.Connections(300));

    /// <summary>A stranger opens connections until no descriptor would be left, while the process is slow: it then accepts many at once.</summary>
    [Fact]
    [Trait("Attack", "many-connections")]
    public async Task Connect_MoreOftenThanThereAreDescriptors_TheProcessGoesOn()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the limit is read from /proc");
        await using RelayProcess relay = new() { OpenFiles = Files };
        await relay.StartAsync();
        List<TcpClient> strangers = [];
        try
        {
            await relay.SignalAsync("STOP");
            for (int i = 0; i < 700; i++)
            {
                TcpClient stranger = new();
                strangers.Add(stranger);
                _ = stranger.Client.ConnectAsync("127.0.0.1", relay.Address.Port, TestContext.Current.CancellationToken);
            }

            await relay.SignalAsync("CONT");
            int most = 0;
            await Eventually.TrueAsync(
                () =>
                {
                    most = Math.Max(most, relay.OpenFileCount);
                    return strangers.Count(IsClosed) > 300;
                },
                "the relay refuses most of them");
            Assert.True(most < Files - Spare, $"{most} open files");
            Assert.InRange(relay.Log.Count(line => line.Contains("as many as its open files allow", StringComparison.Ordinal)), 1, 3);
        }
        finally
        {
            strangers.ForEach(stranger => stranger.Dispose());
        }

        using HttpClient client = relay.CreateAdminClient();
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    return (await client.GetAsync("/health/ready")).IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            "the relay answers again", TimeSpan.FromSeconds(60));
        Assert.False(relay.HasEnded);
    }

    /// <summary>The relay has closed it.</summary>
    private static bool IsClosed(TcpClient stranger) => stranger.Client.Poll(0, SelectMode.SelectRead);
}
