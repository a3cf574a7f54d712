using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Relay.WebConsole.Forms;
using Relay.WebConsole.Layout;
using Relay.WebConsole.Routing;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Rollouts;

/// <summary>What an operator may do to channels: release versions or an earlier release, make one, delete one.</summary>
internal static class ChannelForms
{
    public const string Models = "models";
    public const string Without = "without";
    public const string Release = "release";

    public static void Map(IEndpointRouteBuilder console)
    {
        console.MapAction("/rollouts/channels", CreateAsync);
        console.MapAction("/rollouts/channels/{channel}/release", ReleaseAsync);
        console.MapAction("/rollouts/channels/{channel}/delete", DeleteAsync);
    }

    private static Task<ActionResult> CreateAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken) =>
        FormAttempt.RunAsync(
            form, filled => ChannelPages.CreateAllAsync(request, filled, cancellationToken),
            () => ReleaseAsync(request, form["channel"].ToString().Trim(), form, isNew: true, cancellationToken));

    private static Task<ActionResult> ReleaseAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken)
    {
        string channel = request.Route("channel");
        return FormAttempt.RunAsync(
            form, filled => ChannelPages.CreateAsync(request, channel, filled, cancellationToken),
            () => ReleaseAsync(request, channel, form, isNew: false, cancellationToken));
    }

    private static async Task<ActionResult> DeleteAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken)
    {
        string channel = request.Route("channel");
        await request.Api.Channels.DeleteAsync(channel, form["force"].Count > 0, cancellationToken);
        return ActionResult.GoTo(ConsolePaths.Channels, $"The channel {channel} is deleted. Its releases stay.");
    }

    private static async Task<FormOutcome> ReleaseAsync(
        PageRequest request, string channel, IFormCollection form, bool isNew, CancellationToken cancellationToken)
    {
        IReadOnlyList<ModelVersion>? models = VersionText.Parse(form[Models].ToString());
        string number = form[Release].ToString().Trim();
        int? release = int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int parsed) ? parsed : null;
        string? error = !RelayName.IsValid(channel) ? $"The name of a channel is {RelayName.Rule}."
            : models is null ? $"Versions are {VersionText.Rule}."
            : number.Length > 0 && release is null ? "The number of a release is a whole number."
            : null;
        if (error is not null)
        {
            return FormOutcome.Refuse(error);
        }

        string[] without = form[Without].ToString().Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
        ReleaseRequest wanted = new()
        {
            Models = models!.Count > 0 ? models : null,
            Without = without.Length > 0 ? without : null,
            Release = release,
            NewChannel = isNew,
            SchemaChange = form.ContainsKey(SchemaChangeBox.Field),
        };
        return FormOutcome.From(
            await request.Api.Channels.ReleaseAsync(channel, wanted, cancellationToken), ConsolePaths.Channel(channel),
            done => string.Create(CultureInfo.InvariantCulture, $"{channel} runs release {done.Release}: {VersionText.Format(done.Models)}."));
    }
}
