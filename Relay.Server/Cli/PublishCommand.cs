using System.CommandLine;
using Relay.Server.Cli.Versions;
using Relay.Server.Http.Access;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Cli;

/// <summary><c>relay publish</c>: publishes versions to a channel as a new release, or points the channel to an existing one.</summary>
internal static class PublishCommand
{
    public static Command Create()
    {
        RelayConnection connection = new(AccessPolicies.Operate);
        Argument<string[]> models = new("model") { Description = VersionArgument.Description };
        Option<string> channel = new("--channel") { Description = "The channel.", HelpName = "name", DefaultValueFactory = _ => "stable" };
        Option<int?> release = new("--release")
        {
            Description = "An existing release to point the channel to, instead of models.",
            HelpName = "number",
        };

        Option<string[]> without = new("--without")
        {
            Description = "A model that leaves the channel. Repeatable.",
            HelpName = "model",
            DefaultValueFactory = _ => [],
        };
        Option<bool> newChannel = new("--new-channel")
        {
            Description = "Makes the channel where there is none of this name. The first channel of a relay needs no such word.",
        };

        Option<bool> schemaChange = new("--schema-change")
        {
            Description = "Publishes although inputs, classes or task of a model differ from what the channel runs. Nodes whose app " +
                "does not fit refuse the release.",
        };

        Option<bool> rollout = new("--rollout")
        {
            Description = "Gives it to the nodes in stages, by the default rule; 'relay rollout start' takes another rule.",
        };
        Command command = new("publish", "Publishes model versions to a channel as a new release, or points the channel to an existing release.")
        {
            models, channel, release, without, newChannel, schemaChange, rollout,
        };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RelayApi relay = connection.Open(parsed);
            IReadOnlyList<ModelVersion> versions = await VersionArgument.ResolveAllAsync(
                relay, parsed.GetValue(models) ?? [], parsed.InvocationConfiguration.Error, cancellationToken);
            if (parsed.GetValue(rollout))
            {
                GivenOptions.Refuse(parsed, [without, newChannel], "has no effect on a rollout, which is of models on a channel that there is");
                RolloutView started = await relay.Client.Rollouts.StartAsync(
                    new RolloutRequest
                    {
                        Channel = parsed.GetValue(channel)!,
                        Release = parsed.GetValue(release),
                        Models = versions.Count > 0 ? versions : null,
                        SchemaChange = parsed.GetValue(schemaChange),
                    },
                    cancellationToken);
                await RolloutText.WriteAsync(parsed.InvocationConfiguration.Output, started);
                return 0;
            }

            ReleaseRequest request = new()
            {
                Models = versions.Count > 0 ? versions : null,
                Release = parsed.GetValue(release),
                Without = parsed.GetValue(without) is { Length: > 0 } leaving ? leaving : null,
                NewChannel = parsed.GetValue(newChannel),
                SchemaChange = parsed.GetValue(schemaChange),
            };
            (ChannelView? view, PendingNotice? waiting) = await relay.Client.Channels.ReleaseAsync(
                parsed.GetValue(channel)!, request, cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                view is not null
                    ? DisplayText.Format(
                        $"{view.Channel} runs release {view.Release}: {string.Join(", ", view.Models.Select(m => $"{m.Name} {m.Version}"))}")
                    : ApproveCommand.DescribePending(waiting!));
            return 0;
        });
        return command;
    }
}
