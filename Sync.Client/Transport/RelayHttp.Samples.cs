using System.Net;
using System.Text.Json;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;

namespace Sync.Client.Transport;

// Rows for the datasets of the relay.
internal sealed partial class RelayHttp
{
    // A fault takes a few hundred bytes, and a report lists 100.
    private const int MaximumReportBytes = 256 * 1024;

    /// <summary>Sends lines of JSON. The reason is <see cref="RefusalReason.SamplesRefused"/> where the relay would refuse the same a minute
    /// later.</summary>
    /// <returns>What became of each row, or why the relay does not say, and whether it never takes these lines.</returns>
    public async Task<(Refusal? Refusal, UploadReport? Report, bool IsUseless)> UploadAsync(
        string path, byte[] lines, CancellationToken cancellationToken)
    {
        bool isUseless = false;
        Fetched sent = await AttemptAsync(path, async timeout =>
        {
            isUseless = false;
            using HttpRequestMessage request = CreateRequest(HttpMethod.Post, path);
            request.Content = new ByteArrayContent(lines) { Headers = { ContentType = new(SampleBounds.NdjsonType) } };

            // The rate is of both directions here: the line carries the rows first.
            timeout.AddReceived(lines.Length);
            using HttpResponseMessage response = await SendAsync(request, timeout).ConfigureAwait(false);
            if (response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotFound or HttpStatusCode.Conflict
                or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnsupportedMediaType or HttpStatusCode.UnprocessableEntity)
            {
                RelayProblem problem = await RelayProblem.ReadAsync(response, timeout.Token).ConfigureAwait(false);

                // A dataset that is not there, or has no labels, may be made or changed.
                isUseless = response.StatusCode is not (HttpStatusCode.NotFound or HttpStatusCode.Conflict);
                return Fetched.Refused(RefusalReason.SamplesRefused, path, problem.Text);
            }

            if (ResponseClassifier.ClassifyWhole(response, path, isConditional: false) is { } other)
            {
                return other;
            }

            using MemoryStream body = new();
            return await BoundedBody.CopyAsync(response.Content, body.WriteAsync, MaximumReportBytes, timeout).ConfigureAwait(false)
                ? Fetched.Ok(body.ToArray(), null)
                : Fetched.Refused(RefusalReason.TransportUnavailable, path, $"a report of more than {MaximumReportBytes} bytes");
        }, cancellationToken).ConfigureAwait(false);
        if (sent.Status is not FetchStatus.Ok)
        {
            return (sent.Refusal ?? new Refusal(RefusalReason.SamplesRefused, path, "the relay has no such route"), null, isUseless);
        }

        try
        {
            return JsonSerializer.Deserialize(sent.Bytes, NodeApiJson.Default.UploadReport) is { } report
                ? (null, report, false)
                : (new Refusal(RefusalReason.TransportUnavailable, path, "the report is null"), null, false);
        }
        catch (JsonException e)
        {
            return (new Refusal(RefusalReason.TransportUnavailable, path, $"the report cannot be read: {e.Message}"), null, false);
        }
    }
}
