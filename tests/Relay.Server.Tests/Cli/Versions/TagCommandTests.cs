using Relay.Server.Tests.Models.Annotations;
using Relay.TestKit;

namespace Relay.Server.Tests.Cli.Versions;

public sealed class TagCommandTests(AnnotatedRelay fixture) : IClassFixture<AnnotatedRelay>
{
    [Fact]
    public async Task Tag_FromSetToDelete_DoesWhatItSays()
    {
        RelayCommandRun set = await RunAsync("tag", "set", "small@latest", "cli-stage=trial", "cli-empty=");
        RelayCommandRun ofModel = await RunAsync("tag", "set", "small", "cli-team=payments");
        RelayCommandRun list = await RunAsync("tag", "list", "small@1");
        RelayCommandRun json = await RunAsync("tag", "list", "small", "--json");
        RelayCommandRun deleted = await RunAsync("tag", "delete", "small@1", "cli-stage", "cli-empty");
        RelayCommandRun again = await RunAsync("tag", "delete", "small@1", "cli-stage");
        RelayCommandRun wrong = await RunAsync("tag", "set", "small@1", "cli-stage");

        Assert.Equal(["small 1: cli-stage=trial", "small 1: cli-empty="], Lines(set));
        Assert.Contains("small@latest is small 1", set.Error, StringComparison.Ordinal);
        Assert.Equal(["small: cli-team=payments"], Lines(ofModel));
        Assert.Equal(["cli-empty=", "cli-stage=trial"], Lines(list).Where(line => line.StartsWith("cli-", StringComparison.Ordinal)));
        Assert.Contains("\"key\":\"cli-team\",\"value\":\"payments\"", json.Output, StringComparison.Ordinal);
        Assert.Equal(["Tag cli-stage of small 1 is deleted.", "Tag cli-empty of small 1 is deleted."], Lines(deleted));
        Assert.Contains("has no tag 'cli-stage'", again.Error, StringComparison.Ordinal);
        Assert.Contains("is not KEY=VALUE", wrong.Error, StringComparison.Ordinal);
        Assert.Equal((0, 1, 1), (set.Code, again.Code, wrong.Code));
    }

    [Fact]
    public async Task Note_FromSetToDelete_DoesWhatItSays()
    {
        using TemporaryFolder folder = new();
        string file = folder.Combine("note.md");
        await File.WriteAllTextAsync(file, "# Why\n\nMore rows.\n", TestContext.Current.CancellationToken);

        RelayCommandRun set = await RunAsync("note", "set", "small@1", "--file", file);
        RelayCommandRun show = await RunAsync("note", "show", "small@1");
        RelayCommandRun text = await RunAsync("note", "set", "small@1", "--text", "One line.");
        RelayCommandRun shown = await RunAsync("note", "show", "small@1");
        RelayCommandRun deleted = await RunAsync("note", "delete", "small@1");
        RelayCommandRun gone = await RunAsync("note", "show", "small@1");
        await File.WriteAllBytesAsync(file, [0xFC], TestContext.Current.CancellationToken);
        RelayCommandRun latin = await RunAsync("note", "set", "small@1", "--file", file);
        RelayCommandRun both = await RunAsync("note", "set", "small@1", "--text", "x", "--file", file);

        Assert.Equal("The note of small 1 is written.", set.Output.Trim());
        Assert.Equal(["# Why", "", "More rows."], show.Output.TrimEnd().Split('\n').Select(line => line.TrimEnd()));
        Assert.Equal(0, text.Code);
        Assert.Equal("One line.", shown.Output.Trim());
        Assert.Equal("The note of small 1 is deleted.", deleted.Output.Trim());
        Assert.Contains("has no note", gone.Error, StringComparison.Ordinal);
        Assert.Contains("is not UTF-8", latin.Error, StringComparison.Ordinal);
        Assert.Contains("either --text or --file", both.Error, StringComparison.Ordinal);
    }

    private Task<RelayCommandRun> RunAsync(params string[] arguments) => RelayCommandRun.OnAsync(fixture.Relay, arguments);

    private static string[] Lines(RelayCommandRun run) => [.. run.Output.Trim().Split('\n').Select(line => line.TrimEnd())];
}
