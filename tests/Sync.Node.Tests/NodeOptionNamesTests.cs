using System.CommandLine;
using Sync.Client;
using Sync.Client.Hosting;
using Sync.Node.Tests.Hosting;

namespace Sync.Node.Tests;

/// <summary>Messages of the client say what to set by the options of the command line.</summary>
public sealed class NodeOptionNamesTests
{
    [Fact]
    public void Names_AreOptionsOfBothSides()
    {
        string[] options = [.. NodeCommandLine.Create().Options.Select(option => option.Name)];

        Assert.All(NodeOptionNames.All.Keys, property => Assert.Contains(property, OptionsDifference.Names));
        Assert.All(NodeOptionNames.All.Values, option => Assert.Contains(option, options));
        Assert.All(options.Except(["--help", "--version"]), option => Assert.Contains(option, NodeOptionNames.All.Values));
    }

    [Fact]
    public void Copy_OfEachOption_IsWhatTheCommandLineSays()
    {
        RelaySyncOptions copy = new();
        RootCommand root = new();
        NodeOptions options = new();
        options.AddTo(root);
        ParseResult parsed = root.Parse(
        [
            "--root", "r", "--store", "s", "--channel", "c", "--node", "n", "--model", "m", "--relay", "https://relay/",
            "--mirror", "https://mirror/", "--ca", "ca", "--redirect-host", "s3", "--proxy", "http://proxy/", "--enroll-token-file", "t",
            "--maintenance-window", "22:00-04:00", "--require", "parity",
        ]);

        Assert.Empty(parsed.Errors);
        RelaySyncOptions read = options.Read(parsed);
        NodeOptions.Copy(read, copy);

        Assert.Empty(FindDifferences(read, copy));
        string[] set = FindDifferences(new RelaySyncOptions(), read);
        Assert.All(NodeOptionNames.All.Keys, property => Assert.Contains(property, set));
    }

    [Theory]
    [InlineData("refresh", "--ca", "no-such.pem", "--ca is 'no-such.pem'")]
    [InlineData("refresh", "--proxy", "ftp://proxy", "--proxy is 'ftp://proxy/'")]
    [InlineData("refresh", "--model", "not a name", "--model has 'not a name'")]
    [InlineData("status", "--channel", "stable", "no store at ")]
    public async Task Errors_NameTheOptionAndAreOneLine(string command, string option, string value, string expected)
    {
        await using NodeProcess node = NodeProcess.Start(command, option, value);

        (int code, string errors) = await node.WaitForExitAsync();

        Assert.Equal(1, code);
        Assert.Contains(expected, errors, StringComparison.Ordinal);
        Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static string[] FindDifferences(RelaySyncOptions before, RelaySyncOptions now)
    {
        (IReadOnlyList<string> live, IReadOnlyList<string> others) = OptionsDifference.Find(before, now);
        return [.. live, .. others];
    }
}
