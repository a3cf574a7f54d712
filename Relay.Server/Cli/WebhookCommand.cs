using System.CommandLine;
using Relay.Server.Http.Access;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Cli;

/// <summary><c>relay webhook</c>: who receives which events of a running relay.</summary>
internal static class WebhookCommand
{
    private static readonly NumberedChange Change = new("Webhook", AccessPolicies.Admin, Routes.WebhookOf);

    public static Command Create() => new("webhook", "Sends events of the relay, such as a halted rollout, to addresses of other programs.")
    {
        CreateCreate(), CreateList(),
        Change.Create("pause", "Pauses webhooks: their events wait until 'resume'.", "/pause", "paused"),
        Change.Create("resume", "Ends the pause of webhooks: what waits is delivered.", "/resume", "no longer paused"),
        CreateTest(),
        Change.Create("delete", "Deletes webhooks, with the events that wait for them.", null, "deleted"),
    };

    private static Command CreateCreate()
    {
        RelayConnection connection = new(AccessPolicies.Admin);
        Argument<string> url = new("url") { Description = "The https address that receives the events." };
        Option<string[]> events = new("--event")
        {
            Description = $"The events to send: {string.Join(", ", WebhookEvents.All)}. Repeat the option for more.",
            HelpName = "event",
            Required = true,
        };
        events.AcceptOnlyFromAmong([.. WebhookEvents.All]);
        Option<string> name = new("--name") { Description = "Who or what receives them, in one line.", HelpName = "name", Required = true };
        Command command = new("create", "Makes a webhook and shows the secret of its signatures, once.") { url, events, name };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RelayApi relay = connection.Open(parsed);
            WebhookRequest request = new(parsed.GetValue(url)!, parsed.GetValue(events)!, parsed.GetValue(name)!);
            WebhookCreated created = await relay.Client.Webhooks.CreateAsync(request, cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(Describe(created.Webhook));
            await parsed.InvocationConfiguration.Output.WriteLineAsync(DisplayText.Format($"Secret, shown only this once: {created.Secret}"));
            return 0;
        });
        return command;
    }

    private static Command CreateList()
    {
        ListFilters filters = new();
        filters.AddWord("--state", "state", "Only webhooks in this state.", WebhookView.Active, WebhookView.Paused, WebhookView.Failing);
        filters.AddWord("--event", "event", "Only webhooks that receive this event.", [.. WebhookEvents.All]);
        return ListCommand.Create(
            "list", "Lists webhooks: state, last delivery and what waits. Their secrets are not shown.", Routes.Webhooks, filters,
            RelayApiJson.Default.PageWebhookView, Describe);
    }

    private static Command CreateTest()
    {
        RelayConnection connection = new(AccessPolicies.Admin);
        Argument<long> id = new("id") { Description = "The number of a webhook." };
        Command command = new("test", "Sends a test event to a webhook at once, paused or not, and shows what became of it.") { id };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RelayApi relay = connection.Open(parsed);
            WebhookDelivery delivery = await relay.Client.Webhooks.TestAsync(parsed.GetValue(id), cancellationToken);
            if (delivery.Error is { } error)
            {
                throw new CommandException(DisplayText.Format($"webhook {parsed.GetValue(id)} did not take the event {delivery.Event}: {error}"));
            }

            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                DisplayText.Format($"Webhook {parsed.GetValue(id)} took the event {delivery.Event} with status {delivery.Status}."));
            return 0;
        });
        return command;
    }

    private static string Describe(WebhookView webhook)
    {
        string waiting = webhook.Waiting == WebhookView.MaximumWaiting
            ? $"{WebhookView.MaximumWaiting} events or more wait"
            : FormattableString.Invariant($"{webhook.Waiting} events wait");
        string last = webhook.LastDelivery switch
        {
            null => "no delivery yet",
            { Error: { } error } failed => FormattableString.Invariant($"attempt {webhook.Failures} failed at {failed.At:u}: {error}"),
            var done => FormattableString.Invariant($"last delivery at {done.At:u}"),
        };
        return DisplayText.Format(
            $"{webhook.Id}: {webhook.Name} at {webhook.Url}, {string.Join(", ", webhook.Events)}; {webhook.State}, {waiting}, {last}");
    }
}
