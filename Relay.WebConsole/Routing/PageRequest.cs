using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Relay.AdminClient;
using Relay.AdminClient.Transport;
using Relay.WebConsole.Hosting;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Routing;

/// <summary>A request for a page, with the relay's API in the name of the user. A parameter that cannot be read counts as absent: a page shows
/// something rather than an error.</summary>
internal sealed class PageRequest : IDisposable
{
    private const int RowsPerPage = 50;

    private readonly RelayTransport _transport;

    public PageRequest(HttpContext context, ConsoleUser user, HttpClient client)
    {
        (Context, User) = (context, user);
        _transport = new RelayTransport(client);
        Api = new RelayAdminClient(_transport);
    }

    public HttpContext Context { get; }

    public ConsoleUser User { get; }

    public RelayAdminClient Api { get; }

    /// <summary>The path and the query of the page.</summary>
    public string Address => $"{Context.Request.Path}{Context.Request.QueryString}";

    /// <summary>A part of the path.</summary>
    public string Route(string name) => (string)Context.Request.RouteValues[name]!;

    /// <summary>A number in the path; routes constrain it.</summary>
    public long Id(string name) => long.Parse(Route(name), CultureInfo.InvariantCulture);

    /// <summary>A parameter of the query; null where it is absent or empty.</summary>
    public string? Query(string name) => Context.Request.Query[name] is [{ Length: > 0 } text, ..] ? text : null;

    public int? Number(string name) =>
        int.TryParse(Query(name), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    public bool? Flag(string name) => bool.TryParse(Query(name), out bool flag) ? flag : null;

    /// <summary>One page of a list, at the cursor of the query.</summary>
    /// <param name="path">With its filters.</param>
    public Task<Page<T>> ReadPageAsync<T>(string path, JsonTypeInfo<Page<T>> type, CancellationToken cancellationToken) =>
        _transport.GetAsync(new QueryText().Add("cursor", Query("cursor")).Add("limit", RowsPerPage).ToPath(path), type, cancellationToken);

    /// <summary>The first items of a list.</summary>
    public async Task<IReadOnlyList<T>> ReadFirstAsync<T>(
        string path, int count, JsonTypeInfo<Page<T>> type, CancellationToken cancellationToken) =>
        (await _transport.GetAsync(new QueryText().Add("limit", count).ToPath(path), type, cancellationToken)).Items;

    /// <summary>What is asked for; null where the relay has no such thing.</summary>
    public static async Task<T?> FindAsync<T>(Task<T> reading)
        where T : class
    {
        try
        {
            return await reading;
        }
        catch (RelayException absent) when (absent.Status is HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Sends a JSON text as it was typed, so that what the relay refuses names its lines.</summary>
    public Task<T> SendTextAsync<T>(HttpMethod method, string path, string json, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        _transport.SendTextAsync(method, path, Encoding.UTF8.GetBytes(json), type, cancellationToken);

    public void Dispose() => _transport.Dispose();
}
