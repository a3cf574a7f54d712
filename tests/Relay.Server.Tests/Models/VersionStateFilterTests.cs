using System.Net.Http.Json;
using Relay.Server.Tests.Models.Annotations;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Models;

/// <summary>Filters by state where no version is published and none is revoked.</summary>
public sealed class VersionStateFilterTests(AnnotatedRelay fixture) : IClassFixture<AnnotatedRelay>
{
    [Theory]
    [InlineData(VersionView.Unpublished, 1)]
    [InlineData(VersionView.Published)]
    [InlineData(VersionView.Revoked)]
    public async Task List_OfAModelWithoutReleases_HasItsVersionsAsUnpublished(string state, params int[] expected)
    {
        Page<VersionView> found = (await fixture.Relay.Admin.GetFromJsonAsync(
            $"{Routes.VersionsOf("small")}?state={state}", RelayApiJson.Default.PageVersionView))!;

        Assert.Equal(expected, found.Items.Select(version => version.Version));
    }
}
