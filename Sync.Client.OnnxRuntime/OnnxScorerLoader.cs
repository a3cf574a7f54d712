using Microsoft.ML.OnnxRuntime;
using Shared.Contracts;
using Shared.Contracts.Models;
using Shared.Scoring;

namespace Sync.Client.OnnxRuntime;

/// <summary>Loads models in ONNX Runtime for a node. A model that it does not run, and a library that is missing, are refusals.</summary>
internal sealed class OnnxScorerLoader(OnnxExecutionProvider requested)
{
    public Refusal? Load(byte[] onnx, ModelSchema schema, string subject, out IRowScorer? scorer)
    {
        scorer = null;
        try
        {
            scorer = OnnxScorer.Load(onnx, schema, ExecutionProviders.Choose(requested));
            return null;
        }
        catch (OnnxRuntimeException e)
        {
            return new Refusal(RefusalReason.ScorerUnavailable, subject, e.Message);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or TypeInitializationException)
        {
            return new Refusal(RefusalReason.ScorerUnavailable, subject, $"ONNX Runtime's native library cannot be used here: {e.Message}");
        }
    }
}
