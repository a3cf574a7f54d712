using System.Net;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Webhooks;

/// <summary>What a webhook must be to be kept. Pure.</summary>
internal static class WebhookRules
{
    private const int MaximumEvents = 50;

    /// <summary>What was expected, by the member of the body; empty for a webhook that can be kept.</summary>
    public static Dictionary<string, string> Validate(WebhookRequest request, WebhookConnections connections)
    {
        Dictionary<string, string> errors = [];
        if (string.IsNullOrWhiteSpace(request.Name) || request.Name.Length > WebhookRequest.MaximumName || !DisplayText.IsPlain(request.Name))
        {
            errors["$.name"] = $"Expected who or what receives the events, in one line of at most {WebhookRequest.MaximumName} characters.";
        }

        if (request.Events.Count is 0 or > MaximumEvents || request.Events.Any(name => !WebhookEvents.All.Contains(name, StringComparer.Ordinal)))
        {
            errors["$.events"] = $"Expected one or more of {string.Join(", ", WebhookEvents.All)}.";
        }

        if (FindErrorOfUrl(request.Url, connections) is { } error)
        {
            errors["$.url"] = error;
        }

        return errors;
    }

    private static string? FindErrorOfUrl(string text, WebhookConnections connections)
    {
        if (text.Length > WebhookRequest.MaximumUrl || !DisplayText.IsPlain(text) || text.Any(char.IsWhiteSpace)
            || !Uri.TryCreate(text, UriKind.Absolute, out Uri? url) || url.Host.Length == 0
            || (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp))
        {
            return $"Expected an address such as https://example.com/events, of at most {WebhookRequest.MaximumUrl} characters.";
        }

        if (url.UserInfo.Length > 0 || url.Fragment.Length > 0)
        {
            return "Expected an address without a user, a password and a fragment: the signature tells the receiver who sends.";
        }

        bool isPlain = url.Scheme == Uri.UriSchemeHttp;
        if (isPlain && !url.IsLoopback)
        {
            return "Expected https: http is for receivers on this machine only.";
        }

        return url.IsLoopback || IPAddress.TryParse(url.DnsSafeHost, out _)
            ? FindErrorOfAddress(url.IsLoopback ? IPAddress.Loopback : IPAddress.Parse(url.DnsSafeHost), isPlain, connections)
            : null;
    }

    private static string? FindErrorOfAddress(IPAddress address, bool isPlain, WebhookConnections connections) =>
        connections.IsAllowed(address, isPlain)
            ? null
            : "Expected a public address: deliveries go to private, loopback and link-local ones only with 'relay serve --webhook-private'.";
}
