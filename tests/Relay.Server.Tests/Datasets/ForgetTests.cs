using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Relay.Server.Datasets.Removal;
using Relay.TestKit;
using Relay.TestKit.Databases;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;
using static Relay.Server.Tests.Datasets.SmallDataset;

namespace Relay.Server.Tests.Datasets;

public sealed partial class ForgetTests(OwnRelay fixture) : IClassFixture<OwnRelay>
{
    [Fact]
    public async Task Forget_Samples_LeavesNoByteOfThemAndTakesThemNeverAgain()
    {
        const int rows = 5000;
        await CreateAsync(fixture.Relay, "forget");
        await AddAsync(fixture.Relay.Admin, "forget", [.. Enumerable.Range(0, rows).Select(Row)]);
        if (TestDatabases.FindServer(fixture.Relay.DataFolder) is { } server)
        {
            // What the server learns of the values of columns would stay as well.
            PostgresServer.Shared.Execute(server, "ANALYZE");
        }

        string[] forgotten = [.. Enumerable.Range(0, rows).Where(i => i % 7 == 3).Select(i => $"id-{i:x8}")];
        await LabelAsync(fixture.Relay.Admin, "forget", [.. forgotten.Select(id => (id, "bad"))]);
        Assert.Contains("secret-0000000a", FilesText(), StringComparison.Ordinal);

        ForgetReport report = await ForgetAsync("forget", [.. forgotten, "never-there"]);
        UploadReport again = await AddAsync(fixture.Relay.Admin, "forget", Row(3), Row(4));
        UploadReport label = await LabelAsync(fixture.Relay.Admin, "forget", (forgotten[0], "good"), ("never-there", "good"));

        Assert.Equal(new ForgetReport(forgotten.Length, 1, true) { NeverThere = 1 }, report);
        Assert.Equal((0, 1, 1), (again.Accepted, again.Duplicates, again.Refused));
        Assert.Equal(SampleFaultReason.Forgotten, Assert.Single(again.Faults).Reason);
        Assert.All(label.Faults, fault => Assert.Equal(SampleFaultReason.Forgotten, fault.Reason));
        DatasetView view = await ViewAsync(fixture.Relay, "forget");
        Assert.Equal(
            (rows - forgotten.Length, rows - forgotten.Length, 0, forgotten.Length + 1), (view.Rows, view.Labels, view.Conflicts, view.Forgotten));
        Assert.Equal(view.Rows, view.Sources.Sum(source => source.Rows));
        AssertNothingIsLeft(Enumerable.Range(0, rows).Where(i => i % 7 == 3));
        Assert.DoesNotContain("secret-00000003", await ExportAsync(fixture.Relay.Admin, "forget"), StringComparison.Ordinal);
        Assert.Contains("secret-00000004", await ExportAsync(fixture.Relay.Admin, "forget"), StringComparison.Ordinal);
    }

    /// <summary>Pages split where ids come in no order, and merge where most are deleted: both leave copies that overwriting does not
    /// reach.</summary>
    [Fact]
    [Trait("Attack", "samples-remains")]
    public async Task Forget_MostOfTheSamplesWithRandomIds_LeavesNoByteOfThem()
    {
        Random random = new(41);
        int[] all = [.. Enumerable.Range(1_000_000, 4000)];
        random.Shuffle(all);
        await CreateAsync(fixture.Relay, "random");
        foreach (int[] part in all.Chunk(500))
        {
            await AddAsync(fixture.Relay.Admin, "random", [.. part.Select(Row)]);
            await LabelAsync(fixture.Relay.Admin, "random", [.. part.Select(i => ($"id-{i:x8}", "bad"))]);
        }

        random.Shuffle(all);
        int[] forgotten = all[..(all.Length * 4 / 5)];
        foreach (int[] part in forgotten.Chunk(1000))
        {
            Assert.True((await ForgetAsync("random", [.. part.Select(i => $"id-{i:x8}")])).Purged);
        }

        AssertNothingIsLeft(forgotten);
        Assert.Equal(all.Length / 5, (await ViewAsync(fixture.Relay, "random")).Rows);
    }

    [Fact]
    [Trait("Attack", "samples-remains")]
    public async Task Forget_WhileAnExportHasACopy_SaysThatBytesAreLeftAndThatTheyAreGoneOnceItEnded()
    {
        await CreateAsync(fixture.Relay, "copied");
        await AddAsync(
            fixture.Relay.Admin, "copied",
            [.. Enumerable.Range(0, 20_000).Select(i => $$"""{"id":"copied-{{i}}","length":{{i}},"note":"{{new string('x', 500)}}"}""")]);
        using HttpRequestMessage request = new(HttpMethod.Get, Routes.ExportOf("copied", "csv"));
        await CreateAsync(fixture.Relay, "forget-other");
        HttpResponseMessage export = await fixture.Relay.Admin.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        ForgetReport during = await ForgetAsync("copied", "copied-7");
        ForgetReport other = await ForgetAsync("forget-other", "copied-7");
        export.Dispose();
        ForgetReport after = during;
        await Eventually.TrueAsync(
            async () => (after = await ForgetAsync("copied", "copied-7")).Purged, "the copy goes with the export");

        Assert.Equal(new ForgetReport(1, 0, false), during);
        Assert.True(other.Purged);
        Assert.Equal(new ForgetReport(0, 1, true), after);
    }

    [Fact]
    public async Task Forget_IdThatIsNone_DeletesNothing()
    {
        await CreateAsync(fixture.Relay, "no-ids");
        foreach (string body in new[] { """{"ids":[]}""", """{"ids":["a","b c"]}""" })
        {
            using HttpResponseMessage response = await fixture.Relay.Admin.PostAsync(Routes.ForgetOf("no-ids"), HttpResponses.Json(body));

            Assert.Equal("invalid-forget", await response.ProblemTypeAsync(HttpStatusCode.UnprocessableEntity));
        }

        Assert.Equal(0, (await ViewAsync(fixture.Relay, "no-ids")).Forgotten);
    }

    [Fact]
    public async Task Delete_Dataset_DeletesItsFilesAndFreesItsName()
    {
        await CreateAsync(fixture.Relay, "gone");
        await AddAsync(fixture.Relay.Admin, "gone", """{"id":"a","length":1,"note":"secret-of-the-deleted"}""");

        using HttpResponseMessage deleted = await fixture.Relay.Admin.DeleteAsync(Routes.DatasetOf("gone"));
        using HttpResponseMessage unknown = await fixture.Relay.Admin.GetAsync(Routes.DatasetOf("gone"));
        await CreateAsync(fixture.Relay, "gone");

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal("unknown-dataset", await unknown.ProblemTypeAsync(HttpStatusCode.NotFound));
        Assert.DoesNotContain("secret-of-the-deleted", FilesText(), StringComparison.Ordinal);
        Assert.Equal(0, (await ViewAsync(fixture.Relay, "gone")).Rows);
    }

    [Fact]
    public async Task Retention_SamplesThatAreTooOld_AreDeleted()
    {
        TestClock clock = TestClock.Running();
        await using TestRelay relay = await TestRelay.StartAsync(options => options with { TimeProvider = clock });
        await CreateAsync(relay, "old", new DatasetLimits { RetentionDays = 2 });
        await AddAsync(relay.Admin, "old", """{"id":"a","length":1,"verdict":"good"}""", """{"id":"b","length":1}""");
        await LabelAsync(relay.Admin, "old", ("a", "bad"), ("waits", "bad"));
        clock.Advance(TimeSpan.FromDays(1));
        await AddAsync(relay.Admin, "old", """{"id":"c","length":1,"verdict":"good"}""");
        clock.Advance(TimeSpan.FromDays(1.5));

        await relay.Services.GetRequiredService<RetentionWorker>().RemoveExpiredAsync(CancellationToken.None);

        DatasetView view = await ViewAsync(relay, "old");
        Assert.Equal((1, 1, 0), (view.Rows, view.Labels, view.Conflicts));
        Assert.Equal((1, 1), (Assert.Single(view.Sources).Rows, view.Sources[0].Labels));
        UploadReport again = await AddAsync(relay.Admin, "old", """{"id":"a","length":1}""");
        Assert.Equal(1, again.Accepted);
    }

    private static string Row(int i) => $$"""{"id":"id-{{i:x8}}","length":{{i}},"method":"GET","note":"secret-{{i:x8}}","verdict":"good"}""";

    private void AssertNothingIsLeft(IEnumerable<int> rows)
    {
        HashSet<string> forgotten = [.. rows.Select(i => $"{i:x8}")];
        Assert.DoesNotContain(Marks().Matches(FilesText()), match => forgotten.Contains(match.Groups[1].Value));
    }

    [GeneratedRegex("(?:id|secret)-([0-9a-f]{8})")]
    private static partial Regex Marks();

    private async Task<ForgetReport> ForgetAsync(string dataset, params string[] ids)
    {
        using HttpResponseMessage response = await fixture.Relay.Admin.PostAsJsonAsync(
            Routes.ForgetOf(dataset), new ForgetRequest(ids), RelayApiJson.Default.ForgetRequest);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync(RelayApiJson.Default.ForgetReport))!;
    }

    /// <summary>All that the relay has of datasets on its disk.</summary>
    private string FilesText() => string.Concat(
        new[] { "samples", "uploads" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(fixture.Relay.DataFolder, folder), "*", SearchOption.AllDirectories))
            .Select(Read)
            .Concat(TestDatabases.FindServer(fixture.Relay.DataFolder) is { } server ? PostgresServer.Shared.ReadFiles(server) : []));

    private static string Read(string file)
    {
        using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using StreamReader reader = new(stream, Encoding.Latin1);
        return reader.ReadToEnd();
    }
}
