using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Relay.TestKit;

namespace Relay.Server.Tests.Http;

/// <summary>Every list of the OpenAPI document: it comes by pages, has the filters of the table, and refuses each one that is none.</summary>
public sealed partial class ListFilterTests(PublishedRelay fixture)
{
    private const string Cursor = "cursor";
    private const string Limit = "limit";

    /// <summary>The filters of each list, beside cursor and limit. A list that the table lacks fails the test.</summary>
    private static readonly Dictionary<string, string[]> Table = new(StringComparer.Ordinal)
    {
        ["/v1/models"] = ["archived", "tag", "task"],
        ["/v1/models/{name}/versions"] = ["since", "state", "tag", "until"],
        ["/v1/models/{name}/versions/{version}/files"] = [],
        ["/v1/models/{name}/versions/{version}/tags"] = [],
        ["/v1/models/{name}/tags"] = [],
        ["/v1/models/{name}/aliases"] = ["version"],
        ["/v1/models/{name}/aliases/{alias}/history"] = [],
        ["/v1/training-runs"] = ["dataset", "model", "since", "state", "until"],
        ["/v1/training-triggers"] = ["dataset", "model", "paused"],
        ["/v1/datasets"] = ["name"],
        ["/v1/channels"] = ["model"],
        ["/v1/releases"] = ["model", "since", "until"],
        ["/v1/rollouts"] = ["channel", "since", "status", "until"],
        ["/v1/rollouts/{id}/history"] = [],
        ["/v1/pending"] = ["channel"],
        ["/v1/revocations"] = ["model"],
        ["/v1/nodes"] =
            ["banned", "channel", "model", "notSeenSince", "prefix", "quarantined", "refusing", "release", "seenSince", "stale", "version"],
        ["/v1/nodes/{id}/check-ins"] = [],
        ["/v1/nodes/{id}/history"] = ["at"],
        ["/v1/enrollment-tokens"] = ["usable"],
        ["/v1/api-keys"] = ["owner", "role", "state"],
        ["/v1/webhooks"] = ["event", "state"],
        ["/v1/webhooks/events"] = ["after", "since", "type"],
        ["/v1/audit"] = ["action", "actor", "kind", "since", "until"],
        ["/v1/audit/heads"] = [],
    };

    /// <summary>Filters that take any text.</summary>
    private static readonly string[] FreeTexts = ["action", "actor"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EachList_HasItsFiltersAndComesByPages()
    {
        Dictionary<string, string[]> lists = await ReadListsAsync();

        Assert.Equal(Table.Keys.Order(StringComparer.Ordinal), lists.Keys.Order(StringComparer.Ordinal));
        Assert.All(lists, list => Assert.Equal(
            (list.Key, string.Join(' ', Table[list.Key].Append(Cursor).Append(Limit).Order(StringComparer.Ordinal))),
            (list.Key, string.Join(' ', list.Value.Order(StringComparer.Ordinal)))));
    }

    [Fact]
    public async Task EachList_UnknownFilter_IsRefusedWithThoseThatExist()
    {
        foreach ((string path, string[] parameters) in await ReadListsAsync())
        {
            using HttpResponseMessage response = await fixture.Relay.Admin.GetAsync($"{Fill(path)}?colour=blue", Cancel);
            using JsonDocument problem = await response.ProblemAsync(HttpStatusCode.BadRequest);

            Assert.Equal("urn:relay:problem:unknown-parameter", problem.RootElement.GetProperty("type").GetString());
            Assert.Equal(
                (path, string.Join(' ', parameters.Order(StringComparer.Ordinal))),
                (path, string.Join(' ', problem.RootElement.GetProperty("parameters").EnumerateArray().Select(name => name.GetString())
                    .Order(StringComparer.Ordinal))));
        }
    }

    [Fact]
    public async Task EachFilter_WithWhatItDoesNotTake_IsRefused()
    {
        List<string> wrong = [];
        foreach ((string path, string[] filters) in Table)
        {
            foreach (string filter in filters.Except(FreeTexts))
            {
                using HttpResponseMessage response = await fixture.Relay.Admin.GetAsync($"{Fill(path)}?{filter}=No%20such%0Athing", Cancel);
                string answer = (await response.Content.ReadAsStringAsync(Cancel)).ReplaceLineEndings(" ");
                if (response.StatusCode != HttpStatusCode.BadRequest || !answer.Contains($"'{filter}'", StringComparison.Ordinal))
                {
                    wrong.Add($"{path} {filter}: {response.StatusCode} {answer}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    private static async Task<Dictionary<string, string[]>> ReadListsAsync()
    {
        string file = RepositoryRoot.Combine("Relay.Server", "Http", "OpenApi", "relay.openapi.json");
        JsonNode document = JsonNode.Parse(await File.ReadAllTextAsync(file, Cancel))!;
        return (
            from path in document["paths"]!.AsObject()
            let read = path.Value!["get"]
            where read is not null
            let answer = (string?)read["responses"]!["200"]?["content"]?["application/json"]?["schema"]?["$ref"]
            where answer?.Contains("/Page", StringComparison.Ordinal) == true
            select (path.Key, Parameters: (string[])[.. (read["parameters"]?.AsArray() ?? [])
                .Where(parameter => (string)parameter!["in"]! == "query").Select(parameter => (string)parameter!["name"]!)]))
            .ToDictionary(list => list.Key, list => list.Parameters, StringComparer.Ordinal);
    }

    private static string Fill(string path) => PathParameter().Replace(path, match => match.Value switch
    {
        "{name}" => "small",
        "{version}" => "1",
        _ => "7",
    });

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex PathParameter();
}
