using System.Text;
using Relay.TestKit.Fuzz;

namespace Relay.Server.Tests.OpenApi.Fuzz;

/// <summary>A request that a number determines: an operation with values that exist, that could exist, and that no relay takes.</summary>
internal static class FuzzedRequest
{
    private static readonly string[] Odd =
    [
        "", " ", "..", "../../etc/passwd", "%2e%2e%2f", "a b", "\u00e9", "\0", "\ud83d\ude00", "null", "'; DROP TABLE models; --", "{name}",
        "-1", "0", "1.5", "1e9", "9223372036854775807", "9223372036854775808", "2147483648", "true", "NaN",
        "2030-01-31T12:00:00Z", "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.9999999Z", "2030-02-30T00:00:00Z", "*", "\"x\"", "W/\"x\"", "small@champion", new string('a', 300), "\r\nX: y", "\u202e",
    ];

    private static readonly string[] ContentTypes =
    [
        "text/plain", "application/xml", "application/json; charset=utf-16", "application/x-www-form-urlencoded", "x", "text/csv",
        "application/x-ndjson",
    ];

    private static readonly (string Example, string Known)[] Existing =
    [
        ("login-risk", "small"), ("logins.csv", "small-train.csv"), ("\"version\":4", "\"version\":2"), ("\"version\":3", "\"version\":1"),
        ("https://ops.example.com", "https://localhost:1"),
    ];

    public static HttpRequestMessage Create(Random random, IReadOnlyList<DocumentOperation> operations, FuzzedRelay relay)
    {
        DocumentOperation operation = operations[random.Next(operations.Count)];
        string path = operation.Path;
        List<string> query = [];
        HttpRequestMessage request = new() { Method = new(operation.Method) };
        foreach (DocumentParameter parameter in operation.Parameters)
        {
            string value = random.Next(4) > 0 && relay.Known(operation, parameter) is { } values ? Pick(random, values) : Pick(random, Odd);
            // Kestrel refuses a NUL in a path by itself, with 400 and no body.
            value = parameter.In == "path" && value == "\0" ? "\u0001" : value;
            if (parameter is { In: "path", Name: "path" })
            {
                path = operation.Path.Replace("{path}", value.TrimStart('/'), StringComparison.Ordinal);
            }
            else if (parameter.In == "path")
            {
                path = path.Replace($"{{{parameter.Name}}}", Uri.EscapeDataString(value.Length == 0 ? " " : value), StringComparison.Ordinal);
            }
            else if (random.Next(parameter.In == "header" ? 10 : 2) == 0)
            {
                if (parameter.In == "query")
                {
                    query.Add($"{parameter.Name}={Uri.EscapeDataString(value)}");
                }
                else if (value.All(char.IsAscii) && !value.Any(char.IsControl))
                {
                    request.Headers.TryAddWithoutValidation(parameter.Name, value);
                }
            }
        }

        if (random.Next(20) == 0)
        {
            query.Add($"{Uri.EscapeDataString(Pick(random, Odd))}={Uri.EscapeDataString(Pick(random, Odd))}");
        }

        request.RequestUri = new Uri(path + (query.Count > 0 ? "?" + string.Join('&', query) : ""), UriKind.Relative);
        Authorize(request, random, relay.Keys);
        AddBody(request, random, operation);
        return request;
    }

    private static void Authorize(HttpRequestMessage request, Random random, IReadOnlyList<string> keys)
    {
        string? authorization = random.Next(20) switch
        {
            0 => null,
            1 => "Bearer " + Pick(random, ["x", "relay_0_0", new string('k', 5000), "\"", "e30.e30.e30", "a.b.c", new string('.', 5000)]),
            2 => "Basic YTpi",
            < 6 => "Bearer " + Pick(random, keys),
            _ => "Bearer " + keys[0],
        };
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }
    }

    private static void AddBody(HttpRequestMessage request, Random random, DocumentOperation operation)
    {
        if (operation.ContentType is null && random.Next(20) > 0)
        {
            return;
        }

        byte[] body = operation.Body;
        // Names of what the relay has. A run that trains takes longer than a hundred other requests.
        if (random.Next(operation.Path.EndsWith("/training-runs", StringComparison.Ordinal) ? 8 : 2) == 0)
        {
            body = Encoding.UTF8.GetBytes(Existing.Aggregate(
                Encoding.UTF8.GetString(body), (text, pair) => text.Replace(pair.Example, pair.Known, StringComparison.Ordinal)));
        }

        for (int changes = Math.Max(0, random.Next(6) - 2); changes > 0; changes--)
        {
            body = JsonMutator.Apply(body, new Mutation(random.Next(), random.Next(), random.Next()));
        }

        // No request of a test leaves this machine.
        body = Encoding.UTF8.GetString(body).Contains("ops.", StringComparison.Ordinal) ? operation.Body[..(operation.Body.Length / 2)] : body;
        request.Content = new ByteArrayContent(body);
        string type = random.Next(10) == 0 ? Pick(random, ContentTypes) : operation.ContentType ?? "application/json";
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
    }

    private static T Pick<T>(Random random, IReadOnlyList<T> values) => values[random.Next(values.Count)];
}
