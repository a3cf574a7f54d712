using System.Text.RegularExpressions;
using Relay.Server.Cli;
using Relay.TestKit;
using Relay.Training.Recipes;
using Shared.Contracts.Models;

namespace Relay.Server.Tests.Cli.Recipes;

/// <summary><c>relay recipe</c>: from nothing to a model in two commands.</summary>
public sealed partial class RecipeCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Simulated => [.. RecipeCatalog.All.Where(r => r.IsSimulated).Select(r => r.Name)];

    public static TheoryData<string> All => [.. RecipeCatalog.All.Select(r => r.Name)];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task List_Recipes_AreNamedWithWhatTheyDo()
    {
        RelayCommandRun run = await RelayCommandRun.RunAsync("recipe", "list");

        Assert.Equal(0, run.Code);
        Assert.Equal(
            ["threat-classifier", "anomaly-detector", "feature-scaler", "ip-reputation"],
            run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[0]));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Show_Recipe_IsTheSpecInTheRepository(string name)
    {
        RelayCommandRun run = await RelayCommandRun.RunAsync("recipe", "show", name);

        Assert.Equal(0, run.Code);
        Assert.Equal(name, ModelSpecParser.Parse(run.Output).Name);
        Assert.Equal(
            File.ReadAllText(RepositoryRoot.Combine("deploy", "models", $"{name}.json")).TrimEnd(),
            run.Output.TrimEnd());
    }

    [Theory]
    [MemberData(nameof(Simulated))]
    public async Task Write_Recipe_ShowsCommandsThatTheCommandLineTakes(string name)
    {
        RelayCommandRun run = await RelayCommandRun.RunAsync("recipe", "write", name, _folder.Combine("models/new"));

        Assert.Equal(0, run.Code);
        Assert.Equal(RecipeCatalog.Find(name)!.ReadSpec(), File.ReadAllBytes(_folder.Combine($"models/new/{name}.json")));
        string[] commands =
        [
            .. run.Output.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith("relay ", StringComparison.Ordinal)),
        ];
        Assert.Equal(2, commands.Length);
        Assert.All(commands, command => Assert.Empty(RelayCommand.Create().Parse(command[6..]).Errors));
    }

    [Fact]
    public async Task Write_FaultyList_NamesEveryLineAndWritesNothing()
    {
        File.WriteAllText(_folder.Combine("bad.txt"), "1.2.3.4\nx\n1.2.3.4/40\n");

        RelayCommandRun run = await RelayCommandRun.RunAsync(
            "recipe", "write", "ip-reputation", _folder.Combine("out"), "--bad", _folder.Combine("bad.txt"));

        Assert.Equal(CommandLine.Failed, run.Code);
        Assert.Contains("bad.txt:2: got 'x'", run.Error, StringComparison.Ordinal);
        Assert.Contains("bad.txt:3: got '1.2.3.4/40'", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Combine("out")));
    }

    [Theory]
    [InlineData("--bad FILE", "ip-reputation")]
    [InlineData("no such file", "ip-reputation", "--bad", "nowhere.txt")]
    [InlineData("expected NAME=FILE", "ip-reputation", "--bad", "b", "--known", "c")]
    [InlineData("expected NAME=FILE", "ip-reputation", "--bad", "b", "--known", "A\u001b[2J=c")]
    [InlineData("given twice", "ip-reputation", "--bad", "b", "--known", "a=c", "--known", "a=d")]
    [InlineData("expected a share", "ip-reputation", "--bad", "b", "--base-rate", "often")]
    [InlineData("base rate", "ip-reputation", "--bad", "b", "--base-rate", "0.9")]
    [InlineData("is for the recipe ip-reputation", "threat-classifier", "--bad", "b")]
    public async Task Write_ArgumentsThatDoNotFit_AreRefused(string expected, string name, params string[] options)
    {
        RelayCommandRun run = await RelayCommandRun.RunAsync(["recipe", "write", name, _folder.Combine("out"), .. options]);

        Assert.Equal(CommandLine.Failed, run.Code);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Error);
    }

    /// <summary>The commands that the guide shows, in order, with small lists under the names that it uses.</summary>
    [Fact]
    public async Task Guide_CommandsWithoutARelay_RunAsTheyStand()
    {
        string guide = await File.ReadAllTextAsync(RepositoryRoot.Combine("docs", "guides", "recipes.md"), TestContext.Current.CancellationToken);
        string[] commands = [.. LocalCommand().Matches(guide).Select(match => match.Groups[1].Value)];
        Assert.True(commands.Length >= 6, $"{commands.Length} commands");
        MadeLists.Write(_folder.FullPath);

        foreach (string command in commands)
        {
            string[] arguments = [.. command.Replace("24000", "5000", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(word => FileName().Replace(word, match => _folder.Combine(match.Value)))];
            RelayCommandRun run = await RelayCommandRun.RunAsync(arguments);
            Assert.True(run.Code == 0, $"{command}: {run.Error}{run.Output}");
        }

        Assert.True(File.Exists(_folder.Combine("recipes/ip-reputation.onnx")));
    }

    /// <summary>Lines of a block of which relay and node take no part.</summary>
    [GeneratedRegex(@"^\./relay ((?:recipe|train recipes\S* [^\n]*--output|card)[^\n#]*)", RegexOptions.Multiline)]
    private static partial Regex LocalCommand();

    [GeneratedRegex(@"(?<=^|=)(?:recipes|lists)(?:/\S+)?$")]
    private static partial Regex FileName();
}
