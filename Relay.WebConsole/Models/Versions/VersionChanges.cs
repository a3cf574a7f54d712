using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Relay.AdminClient;
using Relay.WebConsole.Forms;
using Relay.WebConsole.Layout;
using Relay.WebConsole.Models.Publishing;
using Relay.WebConsole.Routing;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Models.Versions;

/// <summary>What becomes of a version: an alias names it, a channel runs it, it is revoked, or deleted.</summary>
internal static class VersionChanges
{
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
                return FormOutcome.Refuse("Give the alias a name, such as champion.");
            }

            AliasView set = await request.Api.Aliases.SetAsync(name, alias, new AliasRequest(version), cancellationToken);
            return FormOutcome.GoTo(ConsolePaths.Version(name, version), $"{set.Alias} is version {set.Version} now. Channels run what they ran.");
        },
        cancellationToken);

    private static Task<ActionResult> ReleaseAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken) => ChangeAsync(
        request, form, VersionForms.Release,
        async (name, version) =>
        {
            string channel = form["channel"].ToString().Trim();
            if (channel.Length == 0)
            {
                return FormOutcome.Refuse("Name the channel.");
            }

            ReleaseRequest release = new()
            {
                Models = [new ModelVersion(name, version)],
                NewChannel = form.ContainsKey(VersionForms.NewChannel),
                SchemaChange = form.ContainsKey(VersionForms.SchemaChange),
            };
            Proposal<ChannelView> proposal = await request.Api.Channels.ReleaseAsync(channel, release, cancellationToken);
            return FormOutcome.From(
                proposal, ConsolePaths.Version(name, version),
                done => $"{channel} runs version {version} in its release {done.Release}. Its nodes take it when they next ask.");
        },
        cancellationToken);

    private static Task<ActionResult> RevokeAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken) => ChangeAsync(
        request, form, VersionForms.Revoke,
        async (name, version) =>
        {
            RevocationRequest revocation = new() { Reason = form["reason"].ToString().Trim() is { Length: > 0 } reason ? reason : null };
            Proposal<RevocationView> proposal = await request.Api.Versions.RevokeAsync(name, version, revocation, cancellationToken);
            return FormOutcome.From(
                proposal, ConsolePaths.Version(name, version), done => $"Version {version} is revoked. {done.Effect}");
        },
        cancellationToken);

    private static Task<ActionResult> DeleteAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken) => ChangeAsync(
        request, form, VersionForms.Delete,
        async (name, version) =>
        {
            await request.Api.Versions.DeleteAsync(name, version, cancellationToken);
            return FormOutcome.GoTo(ConsolePaths.Model(name), $"Version {version} is deleted.");
        },
        cancellationToken);

    /// <summary>Shows what the relay refuses: another schema as a question, the rest at the form.</summary>
    private static Task<ActionResult> ChangeAsync(
        PageRequest request, IFormCollection form, string action, Func<string, int, Task<FormOutcome>> change, CancellationToken cancellationToken)
    {
        (string name, int version) = (request.Route("name"), (int)request.Id("version"));
        return FormAttempt.RunAsync(
            form,
            filled => filled.AsksForSchemaChange
                ? Task.FromResult(AskForSchemaChange(name, version, filled))
                : VersionPages.ShowAsync(request, new RefusedChange(action, filled), cancellationToken),
            () => change(name, version));
    }

    private static Page AskForSchemaChange(string name, int version, FilledForm filled) => Page.Create<SchemaChangePage>(
        $"Release {name} {version}?", Section.Models,
        ("Name", name), ("Version", version), ("Detail", filled.Problem), ("Channel", filled.Value("channel").Trim()),
        ("IsNewChannel", filled.IsTicked(VersionForms.NewChannel)));
}
