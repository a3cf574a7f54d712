using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Trainers;

namespace Relay.Training.Engines.MlNet;

/// <summary>Two members of ML.NET that its own assemblies share and users cannot name: without the first there is no way to the trees
/// of a one-versus-all model, without the second none to stop a fit. A version without them fails when they are called.</summary>
internal static class MlNetInternals
{
    /// <summary>One model per class.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_SubModelParameters")]
    public static extern ImmutableArray<object> ClassModels(OneVersusAllModelParameters model);

    /// <summary>Ends the fit that runs in this context with <see cref="OperationCanceledException"/>.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "CancelExecution")]
    public static extern void Cancel(MLContext context);
}
