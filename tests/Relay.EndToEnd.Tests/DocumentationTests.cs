using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Relay.Server.Cli;
using Relay.Server.Keys.Signers;
using Relay.TestKit;
using Shared.Contracts.Http;
using Shared.Contracts.Models;

namespace Relay.EndToEnd.Tests;

public sealed partial class DocumentationTests
{
    [Fact]
    public void Readme_CodeOfANode_IsTheSampleThatCompiles() => Assert.Contains(
        File.ReadAllText(RepositoryRoot.Combine("samples", "MinimalNode", "Program.cs")),
        File.ReadAllText(RepositoryRoot.Combine("README.md")), StringComparison.Ordinal);

    [Fact]
    public void Guide_CodeOfANode_IsInTheSampleThatCompiles()
    {
        string[] sample = File.ReadAllLines(RepositoryRoot.Combine("samples", "TypedNode", "Program.cs"));
        string guide = File.ReadAllText(RepositoryRoot.Combine("docs", "guides", "node.md"));

        Assert.All(
            CodeBlock().Matches(guide).SelectMany(block => block.Groups[1].Value.Split('\n')).Select(line => line.Trim())
                .Where(line => line is not ("" or "// ...")),
            line => Assert.Contains(line, sample.Select(s => s.Trim())));
    }

    [Fact]
    public void Guide_ExampleSpec_IsAccepted() => ModelSpecParser.Parse(
        JsonBlock().Match(File.ReadAllText(RepositoryRoot.Combine("docs", "guides", "model-spec.md"))).Groups[1].Value);

    [Fact]
    public void Guide_SignerSettings_AreAccepted()
    {
        using TemporaryFolder folder = new();
        MatchCollection blocks = JsonBlock().Matches(File.ReadAllText(RepositoryRoot.Combine("docs", "guides", "signers.md")));
        Assert.NotEmpty(blocks);
        Assert.All(blocks, block =>
        {
            File.WriteAllText(folder.Combine("signer.json"), block.Groups[1].Value);
            SignerSettings.Read(folder.Combine("signer.json"));
        });
    }

    [Fact]
    public void ThreatClassifier_Spec_NamesTheFeaturesOfTheExtractor()
    {
        ModelSpec spec = ModelSpecParser.Parse(File.ReadAllBytes(RepositoryRoot.Combine("deploy", "models", "threat-classifier.json")));

        Assert.Equal(HttpFeatureSchema.Names, spec.Columns.Where(c => c.Type != ColumnType.Label).Select(c => c.Name));
        Assert.Equal(
            HttpFeatureSchema.Names.Where(HttpFeatureSchema.IsReserved), spec.Columns.Where(c => c.Type == ColumnType.Ignore).Select(c => c.Name));
        Assert.Equal(HttpFeatureSchema.Benign, spec.Label.Benign);
    }

    /// <summary>The published sample has both files of the relay: the SDK takes <c>root.json</c> by itself, and <c>ca.pem</c> where the
    /// project names it.</summary>
    [Fact]
    public async Task Readme_LinesOfTheProject_PublishRootAndCertificate()
    {
        string project = File.ReadAllText(RepositoryRoot.Combine("samples", "MinimalNode", "MinimalNode.csproj"));
        string readme = File.ReadAllText(RepositoryRoot.Combine("README.md"));
        Assert.All(
            XmlBlock().Match(readme).Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            line => Assert.Contains(line, project, StringComparison.Ordinal));

        using TemporaryFolder folder = new();
        File.WriteAllText(folder.Combine("MinimalNode.csproj"), project);
        File.WriteAllText(folder.Combine("root.json"), "{}");
        File.WriteAllText(folder.Combine("ca.pem"), "");
        CommandRun run = (await CommandRun.TryAsync(
            "dotnet", ["msbuild", "MinimalNode.csproj", "-getItem:Content", "-p:TargetFramework=net10.0"], folder.FullPath))!;

        Assert.True(run.ExitCode == 0, run.Errors + Encoding.UTF8.GetString(run.Output));
        using JsonDocument items = JsonDocument.Parse(run.Output);
        Assert.Equal(["ca.pem", "root.json"], items.RootElement.GetProperty("Items").GetProperty("Content").EnumerateArray()
            .Where(item => item.TryGetProperty("CopyToPublishDirectory", out JsonElement copy) && copy.GetString() == "PreserveNewest")
            .Select(item => item.GetProperty("Identity").GetString()).Order(StringComparer.Ordinal));
    }

    /// <summary>A published folder that is for no system in particular holds the native libraries of all of them: seven times the
    /// size.</summary>
    [Theory]
    [InlineData("Relay.Server")]
    [InlineData("samples/MinimalNode")]
    public async Task Publish_Program_IsForOneSystem(string project)
    {
        string folder = RepositoryRoot.Combine(project);

        Assert.NotEqual("", await RuntimeAsync(folder, "-p:_IsPublishing=true"));
        Assert.Equal("win-x64", await RuntimeAsync(folder, "-p:_IsPublishing=true", "-p:RuntimeIdentifier=win-x64"));
    }

    private static async Task<string> RuntimeAsync(string folder, params string[] properties)
    {
        CommandRun run = (await CommandRun.TryAsync("dotnet", ["msbuild", "-getProperty:RuntimeIdentifier", .. properties], folder))!;
        Assert.True(run.ExitCode == 0, run.Errors + Encoding.UTF8.GetString(run.Output));
        return Encoding.UTF8.GetString(run.Output).Trim();
    }

    /// <summary>Every command that a document shows has the arguments and options that the command line takes.</summary>
    [Fact]
    public void Documents_CommandsOfTheRelay_AreTakenByItsCommandLine()
    {
        (string File, string Command, bool IsMention)[] commands = [.. Documents().SelectMany(
            file => FindCommands(File.ReadAllText(file)).Select(found => (Path.GetFileName(file), found.Command, found.IsMention)))];

        Assert.True(commands.Length > 40, $"{commands.Length} commands");
        IEnumerable<string> errors = commands.SelectMany(c => FindErrors(c.Command, c.IsMention).Select(error => $"{c.File}: {c.Command}: {error}"));
        Assert.Equal("", string.Join('\n', errors));
    }

    [Fact]
    public void Documents_LinksToFiles_LeadToThem()
    {
        (string From, string To)[] links =
        [
            .. Documents().SelectMany(file => FileLink().Matches(AnyBlock().Replace(File.ReadAllText(file), ""))
                .Select(match => (file, Path.Combine(Path.GetDirectoryName(file)!, match.Groups[1].Value)))),
        ];

        Assert.True(links.Length > 100, $"{links.Length} links");
        Assert.Equal([], links.Where(link => !Path.Exists(link.To)).Select(link => $"{Path.GetFileName(link.From)}: {link.To}"));
    }

    [Fact]
    public void Decisions_EachPage_HasANumberOfItsOwnAndALineInTheList()
    {
        string[] pages = [.. Directory.EnumerateFiles(RepositoryRoot.Combine("docs", "adr"), "0*.md").Order(StringComparer.Ordinal)];

        string[] lines = [.. pages.Select(page => DecisionTitle().Match(File.ReadAllText(page)) is { Success: true } title
            && Path.GetFileName(page).StartsWith(title.Groups[1].Value.PadLeft(4, '0') + "-", StringComparison.Ordinal)
                ? $"| [{title.Groups[1].Value}]({Path.GetFileName(page)}) | {title.Groups[2].Value} |"
                : $"{Path.GetFileName(page)} does not begin with its number")];

        Assert.Equal(lines, File.ReadLines(RepositoryRoot.Combine("docs", "adr", "README.md")).Where(
            line => line.StartsWith("| [", StringComparison.Ordinal)));
        Assert.Equal(pages.Length, pages.DistinctBy(page => Path.GetFileName(page)[..4]).Count());
    }

    // In prose a line may begin with the word.
    private static IEnumerable<(string Command, bool IsMention)> FindCommands(string document) =>
    [
        .. AnyBlock().Matches(document).SelectMany(block => RelayCommandLine().Matches(block.Value)).Select(match => (match.Groups[1].Value, false)),
        .. RelayCommandMention().Matches(AnyBlock().Replace(document, "")).Select(match => (match.Groups[1].Value, true)),
    ];

    // The files of an example are not here, and a sentence may name a command without its arguments.
    private static IEnumerable<string> FindErrors(string command, bool isMention) => RelayCommand.Create()
        .Parse(command.Replace("VERSION", "1", StringComparison.Ordinal)).Errors
        .Select(error => error.Message)
        .Where(error => !error.Contains("does not exist", StringComparison.Ordinal)
            && (!isMention || !error.Contains("equired", StringComparison.Ordinal)));

    private static IEnumerable<string> Documents() =>
    [
        RepositoryRoot.Combine("README.md"),
        .. Directory.EnumerateFiles(RepositoryRoot.Combine("docs"), "*.md", SearchOption.AllDirectories),
        .. Directory.EnumerateFiles(RepositoryRoot.Combine("deploy"), "*.md"),
    ];

    /// <summary>At the start of a line, or after the name of the service; up to a comment or a redirection.</summary>
    [GeneratedRegex(@"(?:^|`|relay )(?:\./relay|relay|dotnet Relay\.Server\.dll) ([a-z][^`\n#>]*)", RegexOptions.Multiline)]
    private static partial Regex RelayCommandLine();

    [GeneratedRegex(@"`(?:\./relay|relay|dotnet Relay\.Server\.dll) ([a-z][^`\n#>]*)")]
    private static partial Regex RelayCommandMention();

    [GeneratedRegex(@"\]\((?!https?:|#)([^)#\s]+)")]
    private static partial Regex FileLink();

    [GeneratedRegex("```.*?```", RegexOptions.Singleline)]
    private static partial Regex AnyBlock();

    [GeneratedRegex(@"\A# (\d+)\. (.+)")]
    private static partial Regex DecisionTitle();

    [GeneratedRegex("```xml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex XmlBlock();

    [GeneratedRegex("```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex JsonBlock();

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
