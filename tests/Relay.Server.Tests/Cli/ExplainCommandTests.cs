using System.Text.Json.Nodes;
using Relay.Server.Tests.Hosting;

namespace Relay.Server.Tests.Cli;

public sealed class ExplainCommandTests(StoppedRelay stopped) : IDisposable
{
    private readonly StoppedRelayCopy _relay = new(stopped);

    public void Dispose() => _relay.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("ab")]
    [InlineData("0123456789abcdef")]
    public async Task ExplainAndKeysStatus_KeyIdOfAnyLength_ShowItsStart(string keyId)
    {
        string root = Path.Combine(_relay.Data, "repository/metadata/1.root.json");
        string timestamp = Path.Combine(_relay.Data, "repository/metadata/timestamp.json");
        string known = JsonNode.Parse(File.ReadAllText(root))!["signed"]!["roles"]!["timestamp"]!["keyids"]![0]!.GetValue<string>();
        foreach (string file in (string[])[root, timestamp])
        {
            File.WriteAllText(file, File.ReadAllText(file).Replace(known, keyId, StringComparison.Ordinal));
        }

        foreach (string key in (string[])["root-1.pem", "root-2.pem"])
        {
            Assert.Equal(0, (await RelayCommandRun.RunAsync("sign", root, "--key", Path.Combine(_relay.Data, "keys", key))).Code);
        }

        RelayCommandRun explained = await RelayCommandRun.RunAsync("explain", timestamp);
        RelayCommandRun status = await RelayCommandRun.RunAsync("keys", "status", "--data", _relay.Data);

        Assert.Equal((0, ""), (explained.Code, explained.Error));
        Assert.Contains($"signed by 1 of 1 keys ({keyId[..Math.Min(8, keyId.Length)]})", explained.Output, StringComparison.Ordinal);
        Assert.Equal((0, ""), (status.Code, status.Error));
        Assert.Contains($"\n  {keyId[..Math.Min(12, keyId.Length)]}  ", status.Output, StringComparison.Ordinal);
    }
}
