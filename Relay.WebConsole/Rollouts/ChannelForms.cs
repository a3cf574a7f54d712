using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Relay.AdminClient;
using Relay.WebConsole.Layout;
using Relay.WebConsole.Routing;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Rollouts;

/// <summary>What an operator may do to channels: release versions or an earlier release, make one, delete one.</summary>
internal static class ChannelForms
{
    public static void Map(IEndpointRouteBuilder console)
    {
        console.MapAction("/rollouts/channels", CreateAsync);
        console.MapAction("/rollouts/channels/{channel}/release", ReleaseAsync);
        console.MapAction("/rollouts/channels/{channel}/delete", DeleteAsync);
    }

    private static Task<ActionResult> CreateAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken)
    {
        ReleaseForm entered = ReleaseForm.Read(form);
        return ReleaseAsync(
            request, entered.Channel, entered, isNew: true,
            problem => ChannelPages.CreateAllAsync(request, problem, cancellationToken), cancellationToken);
    }

    private static Task<ActionResult> ReleaseAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken)
    {
        string channel = request.Route("channel");
        return ReleaseAsync(
            request, channel, ReleaseForm.Read(form), isNew: false,
            problem => ChannelPages.CreateAsync(request, channel, problem, cancellationToken), cancellationToken);
    }

    private static async Task<ActionResult> DeleteAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken)
    {
        string channel = request.Route("channel");
        await request.Api.Channels.DeleteAsync(channel, form["force"].Count > 0, cancellationToken);
        return ActionResult.GoTo(ConsolePaths.Channels, $"The channel {channel} is deleted. Its releases stay.");
    }

    private static async Task<ActionResult> ReleaseAsync(
        PageRequest request, string channel, ReleaseForm form, bool isNew, Func<ReleaseForm, Task<Page>> show, CancellationToken cancellationToken)
    {
        if (FindError(channel, form) is { } error)
        {
            return await ShowAsync(show, form with { Problem = error });
        }

        try
        {
            Proposal<ChannelView> proposal = await request.Api.Channels.ReleaseAsync(channel, ToRequest(form, isNew), cancellationToken);
            return proposal.Done is { } done
                ? ActionResult.GoTo(
                    ConsolePaths.Channel(channel),
                    string.Create(CultureInfo.InvariantCulture, $"{channel} runs release {done.Release}: {VersionText.Format(done.Models)}."))
                : ActionResult.GoTo(
                    isNew ? ConsolePaths.Channels : ConsolePaths.Channel(channel),
                    $"Not released yet: publication {proposal.Pending!.Pending} waits for signatures. Nodes get it when approvers have signed.");
        }
        catch (RelayException refused) when (ReleaseRefusals.CanBeCorrected(refused))
        {
            return await ShowAsync(show, form with { Problem = refused.Message, AsksForSchemaChange = ReleaseRefusals.IsSchemaChange(refused) });
        }
    }

    private static async Task<ActionResult> ShowAsync(Func<ReleaseForm, Task<Page>> show, ReleaseForm form) =>
        ActionResult.Show(await show(form) with { Status = StatusCodes.Status400BadRequest });

    /// <summary>What the form itself shows to be wrong; null: the API decides.</summary>
    private static string? FindError(string channel, ReleaseForm form) =>
        !RelayName.IsValid(channel) ? $"The name of a channel is {RelayName.Rule}."
        : VersionText.Parse(form.Models) is null ? $"Versions are {VersionText.Rule}."
        : form.Release.Length > 0 && !int.TryParse(form.Release, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? "The number of a release is a whole number."
        : null;

    private static ReleaseRequest ToRequest(ReleaseForm form, bool isNew)
    {
        IReadOnlyList<ModelVersion> models = VersionText.Parse(form.Models)!;
        string[] without = form.Without.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
        return new ReleaseRequest
        {
            Models = models.Count > 0 ? models : null,
            Without = without.Length > 0 ? without : null,
            Release = form.Release.Length > 0 ? int.Parse(form.Release, CultureInfo.InvariantCulture) : null,
            NewChannel = isNew,
            SchemaChange = form.SchemaChange,
        };
    }
}
