using System.Text;
using System.Text.Json;
using Relay.Server.Fleet.Identity;
using Relay.Server.History.Evidence;
using Relay.Server.History.Trust;
using Relay.Server.Repository.Explaining;
using Relay.Server.Repository.Mirroring;
using Shared.Contracts.Api;

namespace Relay.Server.History.Verification;

/// <summary>Verifies the evidence in a folder as of its time, without a relay: the node's signature, the metadata of that time, the
/// artifacts. Each step is told.</summary>
/// <param name="pinnedRoot">A root that is trusted; null to trust the first one in the folder.</param>
/// <param name="pinnedKey">The node's key, when it is known from elsewhere.</param>
internal sealed class HistoryVerifier(string folder, byte[]? pinnedRoot, NodePublicKey? pinnedKey)
{
    private readonly FolderFileSource _files = new(folder);

    /// <summary>Steps by report.</summary>
    /// <exception cref="InvalidDataException">The folder has no evidence.</exception>
    public async Task<IReadOnlyList<(string Report, ExplanationStep Step)>> VerifyAsync(CancellationToken cancellationToken)
    {
        NodeHistoryAnswer answer = await ReadAsync(
            EvidenceFolder.Answer, bytes => JsonSerializer.Deserialize(bytes, RelayApiJson.Default.NodeHistoryAnswer), cancellationToken)
            ?? throw new InvalidDataException($"'{folder}' has no {EvidenceFolder.Answer} of 'relay history --at'.");
        List<(string, ExplanationStep)> steps = [];
        CheckIn?[] proved = new CheckIn?[EvidenceFolder.Reports.Length];
        NodeHistoryReport?[] stated = [answer.Before, answer.After];
        for (int i = 0; i < proved.Length; i++)
        {
            string name = EvidenceFolder.Reports[i];
            byte[]? text = await ReadAsync($"{name}/{EvidenceFolder.CheckIn}", bytes => bytes, cancellationToken);
            if (text is null)
            {
                if (stated[i] is not null)
                {
                    steps.Add((name, new(false, "check-in", "the answer rests on it, and it is not here")));
                }

                continue;
            }

            (IReadOnlyList<ExplanationStep> found, proved[i]) = await VerifyReportAsync(name, text, answer, stated[i], cancellationToken);
            steps.AddRange(found.Select(step => (name, step)));
        }

        steps.Add(("answer", AnswerCheck.Verify(answer, proved[0], proved[1])));
        return steps;
    }

    private async Task<(IReadOnlyList<ExplanationStep> Steps, CheckIn? Proved)> VerifyReportAsync(
        string name, byte[] text, NodeHistoryAnswer answer, NodeHistoryReport? stated, CancellationToken cancellationToken)
    {
        SignedCheckIn? request = await ReadAsync(
            $"{name}/{EvidenceFolder.Request}", bytes => JsonSerializer.Deserialize(bytes, RelayApiJson.Default.SignedCheckIn), cancellationToken);
        if (request is null)
        {
            return ([new(false, "check-in", "it is not signed: anyone who reached the relay may have sent it")], null);
        }

        CheckInProof proof = CheckInProof.Verify(request, text, pinnedKey);
        List<ExplanationStep> steps = [.. proof.Steps];
        if (stated is null || request.Node != answer.Node || stated.Request != request || stated.SeenAt != request.SeenAt
            || stated.Text != Encoding.UTF8.GetString(text) || Json(stated.CheckIn) != Json(proof.CheckIn))
        {
            steps.Add(new(false, "answer", "the answer quotes another report than this one"));
        }

        if (proof.CheckIn is not { } report)
        {
            return (steps, null);
        }

        long timestamp = report.Metadata?.Timestamp ?? request.Timestamp;
        Belief belief = timestamp > 0
            ? await new BeliefExplainer(_files, verifiesArtifacts: true)
                .ExplainAsync(report, timestamp, report.Metadata, proof.SignedAt!.Value, pinnedRoot, cancellationToken)
            : new Belief { Detail = "", Steps = [new(false, "metadata", "the report names none, and none of that time are here")] };
        steps.AddRange(belief.Steps);
        if (belief.Steps.All(step => step.Holds) && stated?.Belief?.Cause != belief.Cause.ToString())
        {
            steps.Add(new(false, "answer", $"the answer gives the cause {stated?.Belief?.Cause}, and the documents say {belief.Cause}"));
        }

        return (steps, proof.Holds ? report : null);
    }

    private static string Json(CheckIn? report) => report is null ? "" : JsonSerializer.Serialize(report, RelayApiJson.Default.CheckIn);

    private async Task<T?> ReadAsync<T>(string path, Func<byte[], T?> read, CancellationToken cancellationToken)
        where T : class
    {
        if (await _files.ReadAsync(path, EvidenceFolder.DocumentBytes, cancellationToken) is not { } bytes)
        {
            return null;
        }

        try
        {
            return read(bytes);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"'{path}' of the evidence cannot be read: it was altered.", malformed);
        }
    }
}
