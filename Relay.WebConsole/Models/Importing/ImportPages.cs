using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Relay.AdminClient.Operations;
using Relay.WebConsole.Components;
using Relay.WebConsole.Forms;
using Relay.WebConsole.Layout;
using Relay.WebConsole.Routing;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.WebConsole.Models.Importing;

/// <summary>Takes a model file of another framework from a browser.</summary>
internal static class ImportPages
{
    /// <summary>Bytes of a model file, as the relay takes it.</summary>
    public const long MaximumFileBytes = 256L * 1024 * 1024;

    /// <summary>The same, for people.</summary>
    public const string Limit = "256 MiB";

    /// <summary>Bytes of a signature or a certificate.</summary>
    private const long MaximumProofBytes = 64 * 1024;

    private const long MaximumFields = 64 * 1024;

    public static void Map(IEndpointRouteBuilder console)
    {
        console.MapPage("/models/{name}/import", (request, cancellationToken) => ShowAsync(request, FilledForm.Empty, cancellationToken));
        console.MapAction("/models/{name}/import", ImportAsync, MaximumFileBytes + (2 * MaximumProofBytes) + MaximumFields);
    }

    private static async Task<Page> ShowAsync(PageRequest request, FilledForm form, CancellationToken cancellationToken)
    {
        ModelView model = await request.Api.Models.FindAsync(request.Route("name"), cancellationToken);
        return Page.Create<ImportPage>($"Import into {model.Name}", Section.Models, ("Model", model), ("Form", form));
    }

    private static Task<ActionResult> ImportAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken) =>
        FormAttempt.RunAsync(form, filled => ShowAsync(request, filled, cancellationToken), async () =>
        {
            if (FindProblem(form) is { } problem)
            {
                return FormOutcome.Refuse(problem);
            }

            IFormFile file = form.Files["file"]!;
            ImportQuery query = new()
            {
                File = Path.GetFileName(file.FileName.Replace('\\', '/')),
                Test = form["test"].ToString().Trim(),
                Output = form["output"].ToString().Trim() is { Length: > 0 } output ? output : null,
                Accept = ReadAccepted(form),
                ModelSignature = await ReadProofAsync(form.Files["signature"], cancellationToken),
                Giver = await ReadProofAsync(form.Files["giver"], cancellationToken),
            };
            TrainingRun run = await request.Api.Models.ImportAsync(
                request.Route("name"), query, await ReadAsync(file, cancellationToken), cancellationToken);
            return FormOutcome.GoTo(
                ConsolePaths.Run(run.Id), $"The import of {query.File} is run {run.Id}. It makes a version if that answers as its source does.");
        });

    private static string? FindProblem(IFormCollection form) =>
        form.Files["file"] is not { Length: > 0 } file ? "Choose the model file."
        : file.Length > MaximumFileBytes ? $"The file has {NumberText.Count(file.Length)} bytes; the relay takes {Limit}."
        : form["test"].ToString().Trim().Length == 0 ? "Name the file of held-out rows: a version without figures cannot be compared."
        : form.Files.Any(proof => proof != file && proof.Length > MaximumProofBytes)
            ? $"The signature or the certificate is no such file: it has more than {NumberText.Size(MaximumProofBytes)}."
        : null;

    private static IReadOnlyList<GateAcceptance> ReadAccepted(IFormCollection form)
    {
        string reason = form["reason"].ToString().Trim();
        string[] gates = form["accept"].ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return [.. gates.Select(gate => new GateAcceptance(gate, reason))];
    }

    private static async Task<string?> ReadProofAsync(IFormFile? file, CancellationToken cancellationToken) =>
        file is { Length: > 0 } ? Convert.ToBase64String(await ReadAsync(file, cancellationToken)) : null;

    private static async Task<byte[]> ReadAsync(IFormFile file, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[file.Length];
        await using Stream content = file.OpenReadStream();
        await content.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }
}
