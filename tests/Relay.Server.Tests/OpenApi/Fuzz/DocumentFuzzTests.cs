using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Relay.TestKit;

namespace Relay.Server.Tests.OpenApi.Fuzz;

/// <summary>Requests of every kind to each operation of the OpenAPI document: each gets an answer, in time, that is no fault of the relay.</summary>
public sealed class DocumentFuzzTests
{
    private const int Requests = 20_000;
    private const int LongFactor = 10;
    private const int AtOnce = 8;
    private const int MaximumFailures = 20;
    private const string Problem = "urn:relay:problem:";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_OfEveryKind_AreAnsweredAndRefusedByName()
    {
        TestLoggerProvider log = new();
        await using TestRelay relay = await TestRelay.StartAsync(options => options with
        {
            RequestsPerSecondAndAddress = 0,
            PrivateWebhooks = true,
            MoreServices = services => services.AddLogging(logging => logging.AddProvider(log)),
        });
        FuzzedRelay fuzzed = await FuzzedRelay.PrepareAsync(relay, Cancel);
        IReadOnlyList<DocumentOperation> operations = DocumentOperation.ReadAll();
        int seed = int.TryParse(Environment.GetEnvironmentVariable("RELAY_FUZZ_SEED"), out int given) ? given : 1;
        int count = Environment.GetEnvironmentVariable("RELAY_TEST_LONG") is "1" ? Requests * LongFactor : Requests;
        using HttpClient client = relay.CreateClient();
        client.Timeout = TimeSpan.FromSeconds(60);
        ConcurrentQueue<string> failures = [];
        ConcurrentDictionary<HttpStatusCode, int> answers = [];
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Cancel },
            async (number, cancel) =>
            {
                if (failures.Count >= MaximumFailures)
                {
                    return;
                }

                using HttpRequestMessage request = FuzzedRequest.Create(new Random((seed * 1_000_003) + number), operations, fuzzed);
                if (await FindFailureAsync(client, request, answers, cancel) is { } failure)
                {
                    string body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancel);
                    failures.Enqueue($"request {number} of seed {seed}: {request.Method} {request.RequestUri} {failure}\n  {body}");
                }
            });

        Assert.True(failures.IsEmpty, string.Join('\n', failures));
        Assert.DoesNotContain(log.Entries, entry => entry.Level >= LogLevel.Error);

        // Both sides were reached, and the relay is as sound as before.
        Assert.True(answers[HttpStatusCode.OK] > count / 20 && answers[HttpStatusCode.BadRequest] > count / 20, JsonSerializer.Serialize(answers));
        using HttpResponseMessage ready = await relay.Anonymous.GetAsync("/health/ready", Cancel);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }

    /// <summary>What is wrong with the answer; null for nothing.</summary>
    private static async Task<string?> FindFailureAsync(
        HttpClient client, HttpRequestMessage request, ConcurrentDictionary<HttpStatusCode, int> answers, CancellationToken cancel)
    {
        try
        {
            // Not the bodies of event streams, which do not end.
            using HttpResponseMessage answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            answers.AddOrUpdate(answer.StatusCode, 1, (_, before) => before + 1);
            if ((int)answer.StatusCode < 400)
            {
                return null;
            }

            string text = await answer.Content.ReadAsStringAsync(cancel);
            return (int)answer.StatusCode >= 500 ? $"is a fault of the relay: {(int)answer.StatusCode} {text}"
                : request.Method == HttpMethod.Head || IsProblem(answer, text) ? null
                : $"has no problem: {(int)answer.StatusCode} {text}";
        }
        catch (Exception e) when (
            e is HttpRequestException or TaskCanceledException or JsonException or KeyNotFoundException && !cancel.IsCancellationRequested)
        {
            return $"has no answer that can be read: {e.Message}";
        }
    }

    private static bool IsProblem(HttpResponseMessage answer, string text) =>
        answer.Content.Headers.ContentType?.MediaType == "application/problem+json"
        && JsonDocument.Parse(text).RootElement is var problem
        && problem.GetProperty("type").GetString()!.StartsWith(Problem, StringComparison.Ordinal)
        && problem.GetProperty("detail").GetString() is { Length: > 0 };
}
