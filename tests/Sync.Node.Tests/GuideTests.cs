using System.CommandLine.Parsing;
using System.Text;
using System.Text.RegularExpressions;
using Relay.TestKit;
using Relay.TestKit.Models;

namespace Sync.Node.Tests;

/// <summary>What docs/guides/relay-node.md shows works as it stands there.</summary>
public sealed partial class GuideTests
{
    private static readonly string Guide = File.ReadAllText(RepositoryRoot.Combine("docs", "guides", "relay-node.md"));

    [Fact]
    public async Task Guide_LinesOfCurl_AreAnswered()
    {
        await using ServingNode node = await ServingNode.StartAsync(
            TestModel.Create("small", version: 3, numbers: 2, categories: 1, names: ["protocol", "rate", "size"]));
        string script = "curl() { command curl --fail-with-body --silent --show-error \"$@\"; echo; }\n"
            + string.Concat(BashBlock().Matches(Guide).Select(block => block.Groups[1].Value))
                .Replace("http://127.0.0.1:8000", node.Rest.ToString().TrimEnd('/'), StringComparison.Ordinal);

        CommandRun? run = await CommandRun.TryAsync("bash", ["-euo", "pipefail", "-c", script]);
        Assert.SkipWhen(run is null, "bash is missing");

        string output = Encoding.UTF8.GetString(run!.Output);
        Assert.True(run.ExitCode == 0, run.Errors + output);
        Assert.Equal(4, output.TrimEnd().Split('\n').Length);
        Assert.Contains("\"model_version\":\"3\",\"id\":\"1\",\"parameters\":{\"release\":1,\"sha256\":", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Guide_CommandsOfTheNode_AreTakenByItsCommandLine()
    {
        string[] commands =
            [.. Command().Matches(Guide.Replace("\\\n", "", StringComparison.Ordinal)).Select(match => match.Groups[1].Value)];

        Assert.True(commands.Length > 5, $"{commands.Length} commands");
        Assert.All(commands, command => Assert.Empty(NodeCommandLine.Create().Parse(CommandLineParser.SplitCommandLine(
            command.Replace("'{", "\"{", StringComparison.Ordinal).Replace("}'", "}\"", StringComparison.Ordinal)
                .Replace("\"protocol\": \"tcp\", \"rate\": 12.5, \"size\": null", "", StringComparison.Ordinal)).ToArray()).Errors));
    }

    [GeneratedRegex("```bash\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex BashBlock();

    [GeneratedRegex("(?:^relay-node|/relay-node:amd64|/app/relay-node) +([a-z][^\n`]*)", RegexOptions.Multiline)]
    private static partial Regex Command();
}
