using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Relay.Server.Http.Access;
using Relay.Server.Http.Bodies;
using Relay.Server.Http.Problems;
using Relay.Server.Models;
using Relay.Server.Signing.Evidence;
using Relay.Server.Storage;
using Relay.Training;
using Relay.Training.Importing;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Training;

/// <summary>Takes model files of other frameworks and queues a run that imports them.</summary>
internal static class ImportEndpoints
{
    private const string Route = Routes.Models + "/{name}/import";
    private const int MaxName = 256;

    public static void Map(IEndpointRouteBuilder app) => app
        .MapPost(Route, Import).WithSummary("Imports a model of another framework as a version")
        .RequireAuthorization(AccessPolicies.Train)
        .WithMetadata(new RequestSizeLimitAttribute(ImportBounds.MaxBytes), BinaryBody.Instance);

    private static Results<Accepted<TrainingRun>, ProblemHttpResult> Import(
        string name, string? file, string? test, string? output, [FromQuery] string[] accept, [FromQuery] string[] reason, HttpRequest request,
        ModelStore models, DatasetFolder datasets, ArtifactStore artifacts, TrainingQueue queue, TrainingQuota quota, TimeProvider timeProvider)
    {
        if (models.Find(name) is not { } model)
        {
            return ModelProblems.UnknownModel(name);
        }

        // Before the file is stored. The queue asks again.
        if (model.ArchivedAt is not null)
        {
            return ModelProblems.Archived(name);
        }

        if (models.FindUnknownMember(name) is { } unknown)
        {
            return TrainingProblems.UnknownSpecMember(name, unknown);
        }

        if (quota.FindProblem(name) is { } exceeded)
        {
            return exceeded;
        }

        if (FindErrors(file, test, output, datasets) is { Count: > 0 } errors)
        {
            return TrainingProblems.InvalidDataSource(errors);
        }

        IReadOnlyList<GateAcceptance>? accepted = AcceptanceValidator.Pair(accept, reason);
        if (accepted is null)
        {
            return TrainingProblems.InvalidAcceptance(
                new() { ["accept"] = $"{accept.Length} accept and {reason.Length} reason: give one reason for all gates, or one for each." });
        }

        if (AcceptanceValidator.Validate(accepted, "accept") is { Count: > 0 } refusedGates)
        {
            return TrainingProblems.InvalidAcceptance(refusedGates);
        }

        ReadOnlyMemory<byte> content = request.HttpContext.Features.Get<BufferedBody>()?.Bytes ?? default;
        try
        {
            // What is no model at all need not wait for its turn.
            ImportFormat format = ImportFormats.Detect(content.Span);
            if (format is not ImportFormat.Artifact && model.Spec.Task is not (ModelTask.Classification or ModelTask.Regression))
            {
                return TrainingProblems.InvalidDataSource(
                    new() { ["name"] = $"Expected a model of the task classification or regression, and not {model.Spec.Task}." });
            }
        }
        catch (TrainingException refused)
        {
            return TrainingProblems.InvalidModelFile(refused.Message);
        }

        GiverVerdict giver = GiverSignature.Verify(
            request.Headers[Routes.ModelSignatureHeader], request.Headers[Routes.GiverHeader], content.Span, timeProvider.GetUtcNow());
        if (giver.Refusal is { } why)
        {
            return TrainingProblems.GiverNotVerified(why);
        }

        ImportSource import = new(file!, artifacts.Put(content.Span), output, giver.Signer);
        return queue.TryEnqueue(
            model.Spec, new TrainingDataSource { Test = test, Import = import }, ApiKeyAuthentication.FindKey(request.HttpContext.User), accepted)
            is { } run
            ? TypedResults.Accepted($"{Routes.TrainingRuns}/{run.Id}", run)
            : ModelProblems.Archived(name);
    }

    private static Dictionary<string, string> FindErrors(string? file, string? test, string? output, DatasetFolder datasets)
    {
        Dictionary<string, string> errors = [];
        Expect(
            file is { Length: > 0 and <= MaxName } && DisplayText.IsPlain(file) && file.AsSpan().IndexOfAny('/', '\\') < 0,
            "file", "the name of the model file, without folders");
        Expect(test is not null && datasets.Find(test) is not null, "test", "a file with held-out rows and labels in the relay's datasets folder");
        Expect(
            output is null || (output.Length is > 0 and <= MaxName && DisplayText.IsPlain(output)), "output", "the name of an output of the graph");
        return errors;

        void Expect(bool holds, string parameter, string expected)
        {
            if (!holds)
            {
                errors.TryAdd(parameter, $"Expected {expected}.");
            }
        }
    }
}
