using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Relay.AdminClient;
using Relay.WebConsole.Components;
using Relay.WebConsole.Layout;
using Relay.WebConsole.Models.Publishing;
using Relay.WebConsole.Routing;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Models.Versions;

/// <summary>What becomes of a version: an alias names it, a channel runs it, it is revoked, or deleted.</summary>
internal static class VersionChanges
{
    private const string SchemaChangeProblem = "urn:relay:problem:schema-change";

    public static void Map(IEndpointRouteBuilder console)
    {
        const string Version = "/models/{name}/versions/{version:int}/";
        console.MapAction(Version + VersionForms.Promote, PromoteAsync);
        console.MapAction(Version + VersionForms.Release, ReleaseAsync);
        console.MapAction(Version + VersionForms.Revoke, RevokeAsync);
        console.MapAction(Version + VersionForms.Delete, DeleteAsync);
    }

    private static Task<ActionResult> PromoteAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken) => ChangeAsync(
        request, form, VersionForms.Promote,
        async (name, version) =>
        {
            string alias = form["alias"].ToString().Trim();
            if (alias.Length == 0)
            {
                return await RefuseAsync(request, form, VersionForms.Promote, "Give the alias a name, such as champion.", cancellationToken);
            }

            AliasView set = await request.Api.Aliases.SetAsync(name, alias, new AliasRequest(version), cancellationToken);
            return ActionResult.GoTo(ConsolePaths.Version(name, version), $"{set.Alias} is version {set.Version} now. Channels run what they ran.");
        },
        cancellationToken);

    private static Task<ActionResult> ReleaseAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken) => ChangeAsync(
        request, form, VersionForms.Release,
        async (name, version) =>
        {
            string channel = form["channel"].ToString().Trim();
            if (channel.Length == 0)
            {
                return await RefuseAsync(request, form, VersionForms.Release, "Name the channel.", cancellationToken);
            }

            ReleaseRequest release = new()
            {
                Models = [new ModelVersion(name, version)],
                NewChannel = form.ContainsKey(VersionForms.NewChannel),
                SchemaChange = form.ContainsKey(VersionForms.SchemaChange),
            };
            Proposal<ChannelView> proposal = await request.Api.Channels.ReleaseAsync(channel, release, cancellationToken);
            return proposal.Pending is { } pending
                ? WaitFor(pending)
                : ActionResult.GoTo(
                    ConsolePaths.Version(name, version),
                    $"{channel} runs version {version} in its release {proposal.Done!.Release}. Its nodes take it when they next ask.");
        },
        cancellationToken);

    private static Task<ActionResult> RevokeAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken) => ChangeAsync(
        request, form, VersionForms.Revoke,
        async (name, version) =>
        {
            RevocationRequest revocation = new() { Reason = form["reason"].ToString().Trim() is { Length: > 0 } reason ? reason : null };
            Proposal<RevocationView> proposal = await request.Api.Versions.RevokeAsync(name, version, revocation, cancellationToken);
            return proposal.Pending is { } pending
                ? WaitFor(pending)
                : ActionResult.GoTo(ConsolePaths.Version(name, version), $"Version {version} is revoked. {proposal.Done!.Effect}");
        },
        cancellationToken);

    private static Task<ActionResult> DeleteAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken) => ChangeAsync(
        request, form, VersionForms.Delete,
        async (name, version) =>
        {
            await request.Api.Versions.DeleteAsync(name, version, cancellationToken);
            return ActionResult.GoTo(ConsolePaths.Model(name), $"Version {version} is deleted.");
        },
        cancellationToken);

    private static ActionResult WaitFor(PendingNotice pending) => ActionResult.GoTo(
        ConsolePaths.PendingPublication(pending.Pending),
        "Nothing has changed yet: it waits for signatures of key holders, and takes effect once enough of them have signed.");

    /// <summary>Shows what the relay refuses: another schema as a question, the rest at the form.</summary>
    private static async Task<ActionResult> ChangeAsync(
        PageRequest request, IFormCollection form, string action, Func<string, int, Task<ActionResult>> change, CancellationToken cancellationToken)
    {
        (string name, int version) = (request.Route("name"), (int)request.Id("version"));
        try
        {
            return await change(name, version);
        }
        catch (RelayException refused) when (refused.Type == SchemaChangeProblem)
        {
            return ActionResult.Show(
                Page.Create<SchemaChangePage>(
                    $"Release {name} {version}?", Section.Models, ("Name", name), ("Version", version), ("Detail", refused.Message),
                    ("Channel", form["channel"].ToString().Trim()), ("IsNewChannel", form.ContainsKey(VersionForms.NewChannel)))
                with
                { Status = StatusCodes.Status409Conflict });
        }
        catch (RelayException refused) when (refused.Status is { } status)
        {
            RefusedChange shown = new(action, FilledForm.From(form, refused));
            return ActionResult.Show(await VersionPages.ShowAsync(request, shown, cancellationToken) with { Status = (int)status });
        }
    }

    private static async Task<ActionResult> RefuseAsync(
        PageRequest request, IFormCollection form, string action, string problem, CancellationToken cancellationToken) =>
        ActionResult.Show(
            await VersionPages.ShowAsync(request, new RefusedChange(action, FilledForm.From(form, problem)), cancellationToken)
                with
            { Status = StatusCodes.Status400BadRequest });
}
