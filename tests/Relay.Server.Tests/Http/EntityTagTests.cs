using System.Net;
using System.Net.Http.Json;
using Relay.Server.Tests.Datasets;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;

namespace Relay.Server.Tests.Http;

public sealed class EntityTagTests(OwnRelay fixture) : IClassFixture<OwnRelay>
{
    [Fact]
    public async Task Put_OfAModelThatAnotherChanged_ChangesNothing()
    {
        await PutAsync("shared", "a", null, HttpStatusCode.Created);
        string read = await TagAsync($"{Routes.Models}/shared");
        string second = await PutAsync("shared", "b", read, HttpStatusCode.OK);

        string refused = await PutAsync("shared", "c", read, HttpStatusCode.PreconditionFailed);
        string after = await TagAsync($"{Routes.Models}/shared");
        await PutAsync("shared", "c", $"\"other\", {after}", HttpStatusCode.OK);

        Assert.Equal("", refused);
        Assert.Equal(second, after);
        Assert.NotEqual(read, second);
    }

    [Theory]
    [InlineData("*", HttpStatusCode.PreconditionFailed, "absent")]
    [InlineData("\"x\"", HttpStatusCode.PreconditionFailed, "absent")]
    [InlineData("*", HttpStatusCode.OK, "present")]
    [InlineData("nonsense", HttpStatusCode.PreconditionFailed, "present")]
    [InlineData("", HttpStatusCode.PreconditionFailed, "present")]
    public async Task Put_WithAnyForm_IsAllowedOnlyWhereItHolds(string ifMatch, HttpStatusCode expected, string name)
    {
        await PutAsync("present", "a", null, null);

        await PutAsync(name, "a", ifMatch, expected);

        using HttpResponseMessage absent = await fixture.Relay.Admin.GetAsync($"{Routes.Models}/absent");
        Assert.Equal(HttpStatusCode.NotFound, absent.StatusCode);
    }

    [Fact]
    public async Task Put_WithAWeakTag_IsRefused()
    {
        await PutAsync("weak", "a", null, null);

        await PutAsync("weak", "b", "W/" + await TagAsync($"{Routes.Models}/weak"), HttpStatusCode.PreconditionFailed);
    }

    [Fact]
    public async Task Put_OfADatasetThatAnotherChanged_ChangesNothing()
    {
        DatasetSpec spec = await SmallDataset.CreateAsync(fixture.Relay, "shared");
        string read = await TagAsync(Routes.DatasetOf("shared"));
        DatasetSpec mine = spec with { Limits = spec.Limits with { RowsPerNodeAndDay = 7 } };

        using HttpResponseMessage changed = await PutDatasetAsync(mine, read);
        using HttpResponseMessage refused = await PutDatasetAsync(spec, read);

        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.Equal(await TagAsync(Routes.DatasetOf("shared")), changed.Headers.ETag!.Tag);
        Assert.Equal("changed-meanwhile", await refused.ProblemTypeAsync(HttpStatusCode.PreconditionFailed));
    }

    private async Task<string> TagAsync(string path)
    {
        using HttpResponseMessage response = await fixture.Relay.Admin.GetAsync(path);
        return response.Headers.ETag!.Tag;
    }

    private async Task<HttpResponseMessage> PutDatasetAsync(DatasetSpec spec, string ifMatch)
    {
        using HttpRequestMessage request = new(HttpMethod.Put, Routes.DatasetOf(spec.Name))
        {
            Content = JsonContent.Create(spec, RelayApiJson.Default.DatasetSpec),
        };
        request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return await fixture.Relay.Admin.SendAsync(request);
    }

    /// <returns>The tag of the answer; empty where it has none.</returns>
    private async Task<string> PutAsync(string name, string column, string? ifMatch, HttpStatusCode? expected)
    {
        using HttpRequestMessage request = new(HttpMethod.Put, $"{Routes.Models}/{name}")
        {
            Content = HttpResponses.Json(
                $$"""
                { "name": "{{name}}", "task": "classification", "algorithm": "gradient-boosting",
                  "columns": [{ "name": "{{column}}", "type": "number" }, { "name": "y", "type": "label" }] }
                """),
        };
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        using HttpResponseMessage response = await fixture.Relay.Admin.SendAsync(request);
        Assert.True(expected is null || expected == response.StatusCode, $"{response.StatusCode}");
        return response.Headers.ETag?.Tag ?? "";
    }
}
