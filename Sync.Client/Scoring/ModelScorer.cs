using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Shared.Contracts.Models;
using Shared.Scoring;
using Shared.Scoring.Explaining;
using Shared.Scoring.Functions;
using Shared.Scoring.Threads;
using Sync.Client.Scoring.TypedRows;

namespace Sync.Client.Scoring;

/// <summary>One loaded version of a model. A call enters, scores and leaves; after <see cref="Retire"/>, the scorer is freed once the last
/// call has left. It validates rows and outputs; an <see cref="AnswerReader{T}"/> makes the answers of a task from the numbers.</summary>
internal sealed class ModelScorer
{
    // Rows scored at a time when the caller does not want the numbers.
    private const int BlockRows = 256;
    private const int StackNumbers = 256;

    private readonly IRowScorer _scorer;
    private readonly Lease _lease;
    private readonly int _width;
    private readonly int _categoryCount;
    private readonly bool _passesMissingValues;
    private readonly RowValidator _rows;
    private readonly RequiredInputs? _required;
    private readonly ClassReader? _classes;
    private readonly AnomalyReader? _anomalies;
    private readonly ValueReader? _values;
    private volatile ShadowTap? _tap;
    private long _rowsBeforeActivation;
    private long _failuresBeforeActivation;
    private long _callerFaultsBeforeActivation;

    /// <param name="scorer">Disposed once the version is retired and the last call has left.</param>
    public ModelScorer(IRowScorer scorer, ActiveModelVersion version)
    {
        _scorer = scorer;
        version = version with { Scorer = scorer is ManagedScorer ? ScorerKind.Managed : ScorerKind.OnnxRuntime };
        Version = version;
        _width = version.Schema.Inputs.Count(c => c.Type == ColumnType.Number);
        _categoryCount = version.Schema.Inputs.Count - _width;
        OutputWidth = version.Schema.OutputWidth;
        _rows = new RowValidator(version, _width, _categoryCount, Usage);
        _required = RequiredInputs.Create(version, _rows);
        _passesMissingValues = version.Schema.Task is ModelTask.Scaling;
        _classes = version.Schema.Task is ModelTask.Classification ? new ClassReader(version) : null;
        _anomalies = version.Schema.Task is ModelTask.AnomalyDetection ? new AnomalyReader(version) : null;
        _values = version.Schema.Task is ModelTask.Regression ? new ValueReader(version) : null;
        _lease = new Lease(scorer.Dispose);
    }

    public ActiveModelVersion Version { get; }

    /// <summary>Counts what callers did with this version.</summary>
    public UsageCounter Usage { get; } = new();

    /// <summary>The readers of typed rows for this version. Set before activation.</summary>
    public RowReaders Rows { get; set; } = RowReaders.None;

    /// <summary>The explainer of this version, or why there is none. Set before activation.</summary>
    public (ForestExplainer? Explainer, string Reason) Explaining { get; set; } = (null, $"set {OptionNames.Explanations}");

    /// <summary>What the signed file lets a node send; null for nothing. Set before activation.</summary>
    public ConsentedColumns? Consent { get; set; }

    /// <summary>The number of columns of the numeric output.</summary>
    public int OutputWidth { get; }

    /// <summary>The number of rows scored since activation.</summary>
    public long Predictions => _scorer.ScoredRows - _rowsBeforeActivation;

    /// <summary>The number of calls that failed with <see cref="RelayModelFault.ScorerFailed"/> since activation.</summary>
    public long Failures => Usage.Failures - _failuresBeforeActivation;

    /// <summary>The number of calls since activation that got no answer because of the call, such as a row of the wrong width.</summary>
    public long CallerFaults => Usage.CallerFaults - _callerFaultsBeforeActivation;

    public AnswerReader<Prediction> Classes => _classes ?? ThrowTask<AnswerReader<Prediction>>();

    public AnswerReader<AnomalyScore> Anomalies => _anomalies ?? ThrowTask<AnswerReader<AnomalyScore>>();

    public AnswerReader<PredictedValue> Values => _values ?? ThrowTask<AnswerReader<PredictedValue>>();

    /// <summary>Starts the counts at activation, after the try-out.</summary>
    public void StartCounting() => (_rowsBeforeActivation, _failuresBeforeActivation, _callerFaultsBeforeActivation) =
        (_scorer.ScoredRows, Usage.Failures, Usage.CallerFaults);

    /// <summary>Refuses a span for answers that is too short.</summary>
    public void CheckRoom(long needed, int length) => _rows.CheckRoom(needed, length);

    /// <summary>Refuses a row that is not of the model's width. It is no call of the model, and does not count as one.</summary>
    public void RequireWidth(int numbers, int categories)
    {
        if (numbers != _width || categories != _categoryCount)
        {
            throw new RelayModelException(
                RelayModelFault.WrongWidth,
                $"{Version.Name} version {Version.Version} has {_width} number inputs and {_categoryCount} category inputs; "
                    + $"the row came with {numbers} numbers and {categories} categories");
        }
    }

    /// <summary>Counts a call that got no answer because of the call, and creates its exception.</summary>
    public RelayModelException CreateFault(RelayModelFault fault, string message) => _rows.CreateFault(fault, message);

    /// <param name="slot">What to leave with.</param>
    public bool TryEnter(out ThreadSlot? slot) => _lease.TryEnter(out slot);

    public void Leave(ThreadSlot? slot) => _lease.Leave(slot);

    public void Retire() => _lease.Retire();

    /// <summary>Starts to copy calls for a comparison in the shadow.</summary>
    public ShadowTap Tap() => _tap = new ShadowTap(_width, _categoryCount, OutputWidth);

    public void Untap() => _tap = null;

    /// <summary>Computes the numeric output of rows.</summary>
    /// <param name="outputs">Rows times <see cref="OutputWidth"/>, or more.</param>
    public void Score(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, int rows, Span<float> outputs)
    {
        _rows.Check(numbers.Length, categories.Length, rows);
        _required?.Check(numbers, categories);
        if (rows == 0)
        {
            return;
        }

        CheckRoom((long)OutputWidth * rows, outputs.Length);
        Run(numbers, categories, rows, outputs[..(OutputWidth * rows)]);
    }

    /// <summary>Computes the answer of one row.</summary>
    /// <param name="outputs">Receives the numeric output; empty where it is not wanted.</param>
    public T Answer<T>(AnswerReader<T> reader, ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, Span<float> outputs)
    {
        T answer = default!;
        Answer(reader, numbers, categories, new Span<T>(ref answer), outputs);
        return answer;
    }

    /// <summary>Computes the answers of as many rows as <paramref name="answers"/> has places.</summary>
    /// <param name="outputs">Receives the numeric output, row after row; empty where it is not wanted.</param>
    public void Answer<T>(
        AnswerReader<T> reader, ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, Span<T> answers, Span<float> outputs)
    {
        ThreadUsage usage = Usage.Current;
        long began = usage.Begin();
        if (outputs.IsEmpty)
        {
            _rows.Check(numbers.Length, categories.Length, answers.Length);
            _required?.Check(numbers, categories);
            AnswerInBlocks(reader, numbers, categories, answers, usage);
        }
        else
        {
            Score(numbers, categories, answers.Length, outputs);
            Read(reader, outputs, answers, usage);
        }

        usage.End(began, answers.Length);
    }

    /// <summary>Scales all rows.</summary>
    public void Transform(ReadOnlySpan<float> rows, Span<float> features) =>

        // At least one row, so that an empty span is refused like a row that is too short.
        Transform(rows, Math.Max(1, rows.Length / Math.Max(1, _width)), features);

    /// <summary>Scales so many rows.</summary>
    public void Transform(ReadOnlySpan<float> rows, int count, Span<float> features)
    {
        if (Version.Schema.Task is not ModelTask.Scaling)
        {
            throw _rows.CreateWrongTask();
        }

        ThreadUsage usage = Usage.Current;
        long began = usage.Begin();
        Score(rows, [], count, features);
        usage.End(began, count);
    }

    /// <summary>Computes what each input of one row contributes to the raw score of its answer.</summary>
    public Explanation Explain(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories)
    {
        if (Explaining is not { Explainer: { } explainer })
        {
            throw CreateFault(RelayModelFault.NotExplainable, $"{Version.Name} version {Version.Version} cannot be explained: {Explaining.Reason}");
        }

        float[] outputs = new float[OutputWidth];
        Score(numbers, categories, rows: 1, outputs);
        Usage.Current.End(began: 0, rows: 1);
        Attribution found = explainer.Explain(numbers, categories, _classes?.Read(outputs).LabelIndex ?? 0);
        return new Explanation(
            found.Label, found.Baseline, found.Score,
            [.. Version.Schema.Inputs.Zip(found.ByInput, (input, added) => new InputContribution(input.Name, added))],
            Version.Version, Version.Sha256);
    }

    /// <summary>The label of one row's numeric output; null for a task that gives none.</summary>
    public string? LabelOf(ReadOnlySpan<float> outputs) => _classes?.Read(outputs).Label ?? _anomalies?.LabelOf(outputs);

    // The scorer writes all of the memory before a reader reads it.
    [SkipLocalsInit]
    private void AnswerInBlocks<T>(
        AnswerReader<T> reader, ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, Span<T> answers, ThreadUsage usage)
    {
        int needed = OutputWidth * Math.Min(answers.Length, BlockRows);
        float[]? rented = needed > StackNumbers ? ArrayPool<float>.Shared.Rent(needed) : null;
        Span<float> outputs = rented is null ? stackalloc float[StackNumbers] : rented;
        for (int done = 0; done < answers.Length;)
        {
            int take = Math.Min(BlockRows, answers.Length - done);
            Run(
                numbers.Slice(done * _width, take * _width), categories.Slice(done * _categoryCount, take * _categoryCount), take,
                outputs[..(take * OutputWidth)]);
            Read(reader, outputs, answers.Slice(done, take), usage);
            done += take;
        }

        if (rented is not null)
        {
            ArrayPool<float>.Shared.Return(rented);
        }
    }

    private void Read<T>(AnswerReader<T> reader, ReadOnlySpan<float> outputs, Span<T> answers, ThreadUsage usage)
    {
        for (int row = 0; row < answers.Length; row++)
        {
            answers[row] = reader.Read(outputs.Slice(row * OutputWidth, OutputWidth), usage);
        }
    }

    private void Run(ReadOnlySpan<float> numbers, ReadOnlySpan<string> categories, int rows, Span<float> outputs)
    {
        try
        {
            _scorer.Score(numbers, categories, rows, outputs);
        }
        catch (RowScorerException e)
        {
            throw Failed(e.Message, e);
        }

        if (!_passesMissingValues && MissingValues.AnyIn(outputs))
        {
            throw Failed($"'{Version.Schema.NumericOutput}' holds NaN", null);
        }

        _tap?.Offer(numbers, categories, outputs);
    }

    private RelayModelException Failed(string why, Exception? inner)
    {
        Usage.AddFailure();
        return new(RelayModelFault.ScorerFailed, $"{Version.Name} version {Version.Version} failed on this row: {why}", inner);
    }

    [DoesNotReturn]
    private T ThrowTask<T>() => throw _rows.CreateWrongTask();
}
