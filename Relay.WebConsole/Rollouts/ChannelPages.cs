using Microsoft.AspNetCore.Routing;
using Relay.AdminClient.Operations;
using Relay.WebConsole.Forms;
using Relay.WebConsole.Layout;
using Relay.WebConsole.Routing;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Rollouts;

/// <summary>Channels, what each runs, and the releases that there are.</summary>
internal static class ChannelPages
{
    public static void Map(IEndpointRouteBuilder console)
    {
        console.MapPage("/rollouts/channels", ShowAllAsync);
        console.MapPage("/rollouts/channels/{channel}", ShowAsync);
        console.MapPage("/rollouts/releases", ShowReleasesAsync);
    }

    public static async Task<Page> CreateAllAsync(PageRequest request, FilledForm form, CancellationToken cancellationToken)
    {
        Page<ChannelView> channels = await request.ReadPageAsync(
            new ModelNameQuery { Model = request.Query("model") }.ToPath(Routes.Channels), RelayApiJson.Default.PageChannelView, cancellationToken);
        return Page.Create<ChannelsPage>(
            "Channels", Section.Rollouts,
            ("Channels", channels), ("Model", request.Query("model")), ("IsLater", request.Query("cursor") is not null), ("Form", form),
            ("Choices", await ReleaseChoices.ReadAsync(request, cancellationToken)));
    }

    public static async Task<Page> CreateAsync(PageRequest request, string channel, FilledForm form, CancellationToken cancellationToken) =>
        Page.Create<ChannelPage>(
            channel, Section.Rollouts, ("Model", await ChannelModel.ReadAsync(request, channel, cancellationToken)), ("Form", form));

    private static async Task<Page> ShowAllAsync(PageRequest request, CancellationToken cancellationToken) =>
        await CreateAllAsync(request, FilledForm.Empty, cancellationToken) with { IsLive = true };

    private static async Task<Page> ShowAsync(PageRequest request, CancellationToken cancellationToken)
    {
        FilledForm form = FilledForm.Empty with { Values = VersionText.Read(request, ChannelForms.Models) };
        return await CreateAsync(request, request.Route("channel"), form, cancellationToken) with { IsLive = true };
    }

    private static async Task<Page> ShowReleasesAsync(PageRequest request, CancellationToken cancellationToken)
    {
        string? model = request.Query("model");
        return Page.Create<ReleasesPage>(
            "Releases", Section.Rollouts,
            ("Releases", await request.ReadPageAsync(
                new ReleaseQuery { Model = model }.ToPath(Routes.Releases), RelayApiJson.Default.PageReleaseView, cancellationToken)),
            ("Choices", await ReleaseChoices.ReadAsync(request, cancellationToken)), ("Model", model),
            ("IsLater", request.Query("cursor") is not null))
            with
        { IsLive = true };
    }
}
