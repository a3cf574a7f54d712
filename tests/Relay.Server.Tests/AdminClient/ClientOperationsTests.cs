using System.Collections;
using System.Net;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Relay.AdminClient;
using Relay.AdminClient.Operations;
using Relay.TestKit;
using Shared.Contracts.Models;

namespace Relay.Server.Tests.AdminClient;

/// <summary>The typed client and the OpenAPI document are the same operations: each method is called against a stub, and its request is that of its
/// operation.</summary>
public sealed partial class ClientOperationsTests
{
    /// <summary>Operations that are not for programs that operate a relay, and why.</summary>
    private static readonly Dictionary<string, string> LeftOut = new(StringComparer.Ordinal)
    {
        ["POST /v1/nodes/{id}/check-ins"] = Nodes,
        ["POST /v1/nodes/enroll"] = Nodes,
        ["GET /v1/events"] = Nodes,
        ["GET /v1/repository/metadata/timestamp.json"] = Nodes,
        ["HEAD /v1/repository/metadata/timestamp.json"] = Nodes,
        ["GET /v1/repository/metadata/{file}"] = Nodes,
        ["HEAD /v1/repository/metadata/{file}"] = Nodes,
        ["GET /v1/repository/targets/{path}"] = Nodes,
        ["HEAD /v1/repository/targets/{path}"] = Nodes,
        ["GET /models/list"] = Older,
        ["GET /models/{name}.onnx"] = Older,
        ["HEAD /models/{name}.onnx"] = Older,
    };

    private const string Nodes = "nodes call it: Sync.Client";
    private const string Older = "a short route of the older relay";

    private static readonly (PropertyInfo Group, MethodInfo Method, RelayOperationAttribute Operation)[] Methods =
    [
        .. from pair in typeof(RelayAdminClient).GetProperties()
           from method in pair.PropertyType.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
           select (pair, method, method.GetCustomAttribute<RelayOperationAttribute>()!),
    ];

    [Fact]
    public async Task EachOperationOfTheDocument_HasAMethodAndEachMethodAnOperation()
    {
        IEnumerable<string> operations = (await ReadAsync()).Keys.Except(LeftOut.Keys, StringComparer.Ordinal);

        Assert.All(Methods, method => Assert.True(method.Operation is not null, $"{method.Group.Name}.{method.Method.Name} names no operation"));
        Assert.Equal(
            operations.Order(StringComparer.Ordinal),
            Methods.Select(method => Name(method.Operation)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        Assert.Empty(LeftOut.Keys.Except((await ReadAsync()).Keys));
    }

    [Fact]
    public async Task EachMethod_Called_SendsTheRequestOfItsOperation()
    {
        Dictionary<string, string[]> operations = await ReadAsync();
        List<string> wrong = [];
        foreach ((PropertyInfo group, MethodInfo method, RelayOperationAttribute operation) in Methods)
        {
            using RecordingHandler sent = new();
            using RelayAdminClient client = new(new HttpClient(sent) { BaseAddress = new Uri("https://relay.example.com") });
            object?[] arguments = [.. method.GetParameters().Select(Sample)];
            await Assert.ThrowsAsync<RelayException>(() => CallAsync(method.Invoke(group.GetValue(client), arguments)!));

            string path = PathParameter().Replace(operation.Path, match => match.Groups[1].Value is "version" or "id" ? @"(7|x-y)" : "x-y");
            string[] parameters = [.. sent.Parameters];
            if (sent.Method != operation.Method || !Regex.IsMatch(sent.Path, $"^{path.Replace(".", @"\.", StringComparison.Ordinal)}$")
                || parameters.Except(operations[Name(operation)]).Any()
                || (method.GetParameters().Any(parameter => parameter.Name == "query") && operations[Name(operation)]
                    .Except([.. parameters, "cursor", "limit"]).Any()))
            {
                wrong.Add($"{group.Name}.{method.Name}: {sent.Method} {sent.Path} {string.Join(' ', parameters)}, not {Name(operation)}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static async Task<Dictionary<string, string[]>> ReadAsync()
    {
        string file = RepositoryRoot.Combine("Relay.Server", "Http", "OpenApi", "relay.openapi.json");
        JsonNode document = JsonNode.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))!;
        return (
            from path in document["paths"]!.AsObject()
            from operation in path.Value!.AsObject()
            select ($"{operation.Key.ToUpperInvariant()} {path.Key}", (string[])[.. (operation.Value!["parameters"]?.AsArray() ?? [])
                .Where(parameter => (string)parameter!["in"]! == "query").Select(parameter => (string)parameter!["name"]!)]))
            .ToDictionary(StringComparer.Ordinal);
    }

    private static async Task CallAsync(object result)
    {
        if (result is Task task)
        {
            await task;
            return;
        }

        // An IAsyncEnumerable of whatever type.
        MethodInfo first = typeof(ClientOperationsTests).GetMethod(nameof(ReadFirstAsync), BindingFlags.NonPublic | BindingFlags.Static)!;
        await (Task)first.MakeGenericMethod(result.GetType().GetInterfaces()
            .Single(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>)).GetGenericArguments())
            .Invoke(null, [result])!;
    }

    private static async Task ReadFirstAsync<T>(IAsyncEnumerable<T> items)
    {
        await foreach (T _ in items)
        {
            break;
        }
    }

    private static object? Sample(ParameterInfo parameter) =>
        parameter.Name == "mediaType" ? "text/csv" : Sample(parameter.ParameterType, depth: 0);

    /// <summary>A value of a type; of a record, one with all members that are text, numbers, times or lists of them.</summary>
    private static object? Sample(Type type, int depth)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type == typeof(string) ? "x-y"
            : type == typeof(int) ? 7
            : type == typeof(long) ? 7L
            : type == typeof(bool) ? true
            : type == typeof(DateTimeOffset) ? DateTimeOffset.UnixEpoch
            : type == typeof(Stream) ? new MemoryStream()
            : type == typeof(ReadOnlyMemory<byte>) ? new ReadOnlyMemory<byte>([1])
            : type == typeof(CancellationToken) ? CancellationToken.None
            : type == typeof(IReadOnlyList<string>) ? new[] { "x-y" }
            : type == typeof(IReadOnlyList<GateAcceptance>) ? new[] { new GateAcceptance("x-y", "x-y") }
            : type.IsValueType ? Activator.CreateInstance(type)
            : depth > 3 || typeof(IEnumerable).IsAssignableFrom(type) ? null
            : SampleRecord(type, depth);
    }

    private static object SampleRecord(Type type, int depth)
    {
        ConstructorInfo made = type.GetConstructors().OrderByDescending(found => found.GetParameters().Length).First();
        object value = made.Invoke([.. made.GetParameters().Select(parameter => Sample(parameter.ParameterType, depth + 1))]);
        foreach (PropertyInfo property in type.GetProperties().Where(
            found => found.SetMethod is not null && found.GetValue(value) is null or ICollection { Count: 0 }))
        {
            property.SetValue(value, Sample(property.PropertyType, depth + 1) ?? property.GetValue(value));
        }

        return value;
    }

    private static string Name(RelayOperationAttribute operation) => $"{operation.Method} {operation.Path}";

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex PathParameter();

    /// <summary>Refuses each request and keeps what it was.</summary>
    private sealed class RecordingHandler : HttpMessageHandler
    {
        public string Method { get; private set; } = "";

        public string Path { get; private set; } = "";

        public IEnumerable<string> Parameters { get; private set; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            (Method, Path) = (request.Method.Method, request.RequestUri!.AbsolutePath);
            Parameters = [.. request.RequestUri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
                .Select(part => part.Split('=')[0]).Distinct()];
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.NotFound) { RequestMessage = request });
        }
    }
}
